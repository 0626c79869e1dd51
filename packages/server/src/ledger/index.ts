export { isLedgerAction, LEDGER_ACTIONS, type LedgerAction } from './actions.ts';
export { appendEntry } from './append-entry.ts';
export type { EntryDetail, EntryInput, EntryOutcome, LedgerEntry } from './entry.ts';
export type { LedgerErrorCode, LedgerStore } from './ports.ts';
export type { LedgerHealth, Sequencer, SequencerOptions } from './sequencer-port.ts';
