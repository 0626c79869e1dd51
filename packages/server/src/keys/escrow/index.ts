export { type Bundle, escrowStamp, renewBundle } from './bundle.ts';
export {
  bundleFile,
  confirmShare,
  createEscrowSet,
  escrowSets,
  forgetEscrowSet,
  keepEscrowSet,
} from './escrow-sets.ts';
export type { EscrowSet, Share } from './ports.ts';
export { restoreKeyFolder } from './restore-key-folder.ts';
export { readShare, writeShare } from './share-text.ts';
