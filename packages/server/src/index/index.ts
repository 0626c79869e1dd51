export type { IndexKeys } from '../core/blind-index.ts';
export { type CallRow, indexRecord, indexRecords } from './index-record.ts';
