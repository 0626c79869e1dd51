import type { Plant } from './plant.ts';
import { ACCESS_PLANTS, HOUSE_PLANTS } from './plants-of-access.ts';
import { RETENTION_PLANTS } from './plants-of-retention.ts';
import { LEDGER_PLANTS, OBJECT_PLANTS } from './plants-of-storage.ts';

/** Every fault; those of one record or one table are not next to each other in what is planted at once. */
export const PLANTS: readonly Plant[] = [
  ...[...LEDGER_PLANTS, ...OBJECT_PLANTS, ...RETENTION_PLANTS],
  ...[...ACCESS_PLANTS, ...HOUSE_PLANTS],
];
