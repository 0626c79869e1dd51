export { ENVELOPE_BYTES, epochOf } from './envelope.ts';
export { laterEpoch } from './epochs.ts';
export {
  type Bundle,
  confirmShare,
  createEscrowSet,
  type EscrowSet,
  escrowSets,
  escrowStamp,
  forgetEscrowSet,
  keepEscrowSet,
  readShare,
  renewBundle,
  restoreKeyFolder,
  type Share,
  writeShare,
} from './escrow/index.ts';
export {
  archiveOfKeys,
  assertKeysApart,
  createKeyFolder,
  openKeyFolder,
} from './file-key-store.ts';
export { createKeyRoom } from './key-room.ts';
export type { EnvelopeStore, KekName, KeyRef, KeyRoom, KeyStore } from './ports.ts';
export { openFields, sealFields } from './seal-fields.ts';
export {
  type EnrolledPasskey,
  openWarrants,
  type Warrants,
} from './warrants/index.ts';
