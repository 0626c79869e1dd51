export { journalSeal } from './journal-seal.ts';
export { rowsOf } from './load-snapshot.ts';
export type { JournalSeal, JournalStore } from './ports.ts';
export { CatalogRebuild, type RebuildStep, type Rebuilt } from './rebuild-catalog.ts';
export { type JournalWalk, scrubJournal } from './scrub-journal.ts';
export type { SnapshotHead } from './snapshot-head.ts';
export { type Journal, startJournal } from './start-journal.ts';
export { startSnapshots } from './start-snapshots.ts';
export { LEFT_BEHIND } from './tables.ts';
