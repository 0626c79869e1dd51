export { isLedgerAction, LEDGER_ACTIONS, type LedgerAction } from './actions.ts';
export { alarmsIn, type LedgerAlarm, sameAlarm } from './alarms-in.ts';
export { appendEntry } from './append-entry.ts';
export { entriesAbout } from './entries-about.ts';
export { assertAllBack, entriesFrom } from './entries-back.ts';
export {
  decodeEntry,
  type EntryDetail,
  type EntryInput,
  type EntryOutcome,
  type LedgerEntry,
} from './entry.ts';
export { knowsMore } from './knows-more.ts';
export { lastUses } from './last-uses.ts';
export { ledgerAudit } from './ledger-audit.ts';
export { manifestDigestOf } from './manifest-digest.ts';
export {
  type LedgerErrorCode,
  type LedgerStore,
  NO_WITNESSES,
  type Witness,
  type WitnessErrorCode,
  type Witnesses,
} from './ports.ts';
export { type LedgerProof, proveEntries } from './prove-entries.ts';
export {
  consistencyProof,
  type EntryFilter,
  entriesForResource,
  entryBytes,
  inclusionProof,
  latestCheckpoint,
  readEntry,
  rootOfFirst,
  type StoredEntry,
  searchEntries,
  servedCheckpoint,
  tileBytes,
} from './read-entries.ts';
export { checkLog, proveLog, restoreLog } from './restore-log.ts';
export type {
  LedgerHealth,
  Sequencer,
  SequencerOptions,
  WitnessHealth,
  WitnessingHealth,
} from './sequencer-port.ts';
export { setsToldBy } from './sets-told-by.ts';
export { startSequencer } from './start-sequencer.ts';
export { lastSuccession, type Succession } from './succeed-log.ts';
export { notYet, whenLedgered } from './when-ledgered.ts';
