import type { Kysely, Transaction } from 'kysely';
import type { AccessTables } from './tables/access.ts';
import type { AuditTables } from './tables/audits.ts';
import type { CatalogTables } from './tables/catalog.ts';
import type { DisposalTables } from './tables/disposals.ts';
import type { EngagementTables } from './tables/engagements.ts';
import type { GrantTables } from './tables/grants.ts';
import type { JournalTables } from './tables/journal.ts';
import type { LedgerTables } from './tables/ledger.ts';
import type { NoticeTables } from './tables/notices.ts';
import type { OriginalTables } from './tables/originals.ts';
import type { PlacementTables } from './tables/placement.ts';
import type { RecordTables } from './tables/record.ts';
import type { RetentionTables } from './tables/retention.ts';
import type { SiteTables } from './tables/sites.ts';
import type { SubjectTables } from './tables/subjects.ts';

/** Every table of the catalog, typed as the migrations make them. */
export interface Tables
  extends RecordTables,
    CatalogTables,
    DisposalTables,
    LedgerTables,
    JournalTables,
    AccessTables,
    AuditTables,
    EngagementTables,
    GrantTables,
    NoticeTables,
    OriginalTables,
    PlacementTables,
    RetentionTables,
    SiteTables,
    SubjectTables {}

export type Db = Kysely<Tables>;
/** An open transaction. Commands and step runners open it; queries only take it. */
export type Tx = Transaction<Tables>;
/** What a read-only query takes: a pool or an open transaction. */
export type Queryable = Db | Tx;
