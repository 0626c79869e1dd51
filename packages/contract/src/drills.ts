import { z } from 'zod';
import { Id, Instant } from './vocabulary.ts';

/** `sample` restores a part of the catalog and opens some calls; `whole` restores all of it. */
export const DrillKind = z.enum(['sample', 'whole']);
export type DrillKind = z.infer<typeof DrillKind>;

/** What a drill found out; times in seconds. */
export const DrillFigures = z.object({
  /** Rows of the catalog that were restored, and that the snapshot has. */
  rows: z.int(),
  rowsOfSnapshot: z.int(),
  /** Records that were restored, and that the archive has. */
  records: z.int(),
  recordsOfArchive: z.int(),
  /** From the first step to a catalog that could be served. */
  rtoS: z.number(),
  /** The same for the whole catalog: as measured for `whole`, projected for `sample`. */
  rtoWholeS: z.number(),
  /** For how long the oldest change that the site does not have has been waiting; 0 where it has all. */
  rpoS: z.number(),
  /** Copies of objects that are due at the site. */
  copiesDue: z.int(),
  /** Calls whose objects were read from the site, checked against their digests, and opened. */
  callsOpened: z.int(),
  /** Calls that could not be, though the site should have them. */
  callsNotOpened: z.int(),
  bytesRead: z.number(),
  /** Entries of the site's ledger that were verified. */
  ledgerEntries: z.int(),
});
export type DrillFigures = z.infer<typeof DrillFigures>;

export const DrillView = z
  .object({
    id: Id,
    /** The site that it restored from, alone. */
    site: z.string(),
    kind: DrillKind,
    /** Who began it; `archive` for one by schedule. */
    by: z.string(),
    startedAt: Instant,
    endedAt: Instant.optional(),
    /** Absent while it goes on. `slow`: all well, but longer than the limit for the whole catalog. */
    outcome: z.enum(['ok', 'slow', 'failed', 'broken-off']).optional(),
    /** The error code that says why it failed. */
    code: z.string().optional(),
    /** While it goes on, and known to whoever runs it. */
    progress: z
      .object({
        phase: z.enum(['keys', 'catalog', 'ledger', 'calls']),
        done: z.int(),
        total: z.int(),
      })
      .optional(),
    figures: DrillFigures.optional(),
  })
  .meta({ id: 'DrillView' });
export type DrillView = z.infer<typeof DrillView>;

export const DrillsView = z
  .object({
    /** Newest first, at most fifty. */
    drills: z.array(DrillView),
    /** A projected recovery that takes longer rings an alarm. */
    limitS: z.int(),
    /** The next one by schedule, and the site that is then restored from. */
    next: z.object({ at: Instant, site: z.string(), kind: DrillKind }).optional(),
    serverTime: Instant,
  })
  .meta({ id: 'DrillsView' });
export type DrillsView = z.infer<typeof DrillsView>;

/** Body of POST /api/v1/drills. */
export const DrillIn = z.strictObject({
  site: z.string().min(1),
  kind: DrillKind.default('sample'),
});
export type DrillIn = z.infer<typeof DrillIn>;
