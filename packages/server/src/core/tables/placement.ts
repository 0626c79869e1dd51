import type { ColumnType, Generated } from 'kysely';

/** Tables of where copies are wanted; see migrations/000015_placement.sql. */
export interface PlacementTables {
  placement_policy: {
    number: number;
    policy: string;
    digest: string;
    applied_at: Date;
    reached: Generated<string | null>;
    ended_at: Generated<Date | null>;
    begun_at: Generated<Date | null>;
  };
  pending_removal: {
    object_id: string;
    site: string;
    not_before: Date;
    attempts: Generated<number>;
    last_error: string | null;
  };
  evicted_copy: { object_id: string; site: string; evicted_at: Date };
  eviction_run: {
    id: string;
    site: string;
    started_at: Date;
    ended_at: Date | null;
    reached: string | null;
    looked: number;
    evicted: number;
    bytes: ColumnType<string, number, number>;
    locked: number;
    unverified: number;
  };
  stray_object: { site: string; pool: string; object_id: string; seen_at: Date };
}
