import type { ColumnType, Generated } from 'kysely';
import type { PlainFacts } from '../plain-facts.ts';

/** JSON columns go in as text and come out parsed. */
type Facts = ColumnType<PlainFacts, string | undefined, string>;

/** Tables of the notices room; see migrations/000010_notices.sql. */
export interface NoticeTables {
  notice: {
    id: string;
    actor_id: string;
    kind: string;
    severity: string;
    resource: string | null;
    detail: Facts;
    told_at: Date;
    read_at: Date | null;
  };
  notice_address: { actor_id: string; sealed: Buffer; changed_at: Date };
  notice_delivery: {
    id: string;
    channel: string;
    actor_id: string | null;
    kind: string;
    severity: string;
    resource: string | null;
    detail: Facts;
    told_at: Date;
    attempts: Generated<number>;
    last_failure: string | null;
    ended_at: Date | null;
    outcome: string | null;
  };
}
