import type { ColumnType } from 'kysely';

/**
 * Tables of what the sites were like (migrations/000016_site_history.sql), of drills (000019_drill.sql), of
 * how sites are filled (000023_site_filling.sql) and of what they were told is destroyed (000029_index_epochs.sql).
 */
export interface SiteTables {
  site_sample: {
    site: string;
    at: Date;
    reachable: boolean;
    behind: number;
    behind_s: number;
    lag_p50_ms: number | null;
    lag_p99_ms: number | null;
    used_bytes: string | number;
    free_bytes: string | number | null;
    faults: number;
  };
  site_use: { site: string; pool: string; bytes: string | number; copies: string | number };
  site_use_change: { site: string; pool: string; bytes: string | number; copies: string | number };
  site_alarm: { site: string; code: string; since: Date; seen_at: Date; told_at: Date | null };
  site_filling: {
    site: string;
    begun_at: Date;
    copies_left: ColumnType<string, never, number>;
    copies_most: ColumnType<string, never, number>;
    moved_at: Date;
  };
  site_tombstones: { site: string; applied_to: Date };
  site_verified: { site: string; oldest_at: Date | null; counted_at: Date };
  drill_report: {
    id: string;
    site: string;
    kind: string;
    begun_by: string;
    started_at: Date;
    ended_at: Date | null;
    outcome: string | null;
    code: string | null;
    figures: ColumnType<Record<string, number> | null, string | null, string | null>;
  };
}
