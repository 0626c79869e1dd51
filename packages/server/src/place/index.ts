export { type Copies, copiesOf, type FurtherCopy, nextDaily, wantedCopies } from './copies-of.ts';
export { type EnvelopeEpochs, envelopeEpochs } from './envelope-epochs.ts';
export { placeBundle, removeBundles } from './escrow-copies.ts';
export { gated, type SiteGate } from './gated.ts';
export { limited } from './limited.ts';
export {
  keptPlacement,
  loadPlacement,
  type PlacementPolicy,
  readKeptPlacement,
} from './placement.ts';
export type { SiteStore } from './ports.ts';
export { sheltered } from './sheltered.ts';
export { envelopeKey, objectKey, readAll, SiteSet, siteEnvelopes } from './site-set.ts';
export { createStrays, type Strays } from './strays.ts';
export { createVault } from './vault.ts';
