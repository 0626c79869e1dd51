export { ENVELOPE_BYTES } from './envelope.ts';
export {
  archiveOfKeys,
  assertKeysApart,
  createKeyFolder,
  openKeyFolder,
} from './file-key-store.ts';
export { createKeyRoom } from './key-room.ts';
export type { EnvelopeStore, KeyRef, KeyRoom, KeyStore } from './ports.ts';
export { openFields, sealFields } from './seal-fields.ts';
export {
  type EnrolledPasskey,
  openWarrants,
  type Warrants,
} from './warrants/index.ts';
