export type { IndexKeys } from '../core/blind-index.ts';
export {
  type CallKey,
  type IndexErrorCode,
  mergePendingEntries,
  type Reclassification,
  reclassify,
  removeFromIndex,
} from './change-index.ts';
export { type CallRow, indexRecord, indexRecords } from './index-record.ts';
