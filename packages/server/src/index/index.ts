export type { IndexKeyring, IndexKeys } from '../core/blind-index.ts';
export {
  type CallKey,
  type IndexErrorCode,
  mergePendingEntries,
  type Reclassification,
  reclassify,
  removeFromIndex,
} from './change-index.ts';
export { type IndexEpochs, openIndexEpochs } from './index-epochs.ts';
export { type CallRow, indexRecord, indexRecords } from './index-record.ts';
export { type IndexedValues, rekeyCalls } from './rekey-calls.ts';
