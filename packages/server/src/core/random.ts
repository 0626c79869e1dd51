import { randomBytes } from 'node:crypto';

/** Where randomness comes from. */
export interface Random {
  bytes(sizeBytes: number): Buffer;
}

export const systemRandom: Random = { bytes: (sizeBytes) => randomBytes(sizeBytes) };
