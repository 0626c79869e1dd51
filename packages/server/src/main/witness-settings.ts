import { z } from 'zod';

/** Who countersigns the ledger. */
export const WITNESS_SETTINGS = {
  witnesses: {
    env: 'VOXKEEP_WITNESSES',
    schema: z.string().min(1).describe('a file').optional(),
    about:
      "YAML list of the ledger's witnesses: `url`, `key`, and where needed `tokenFile`, `caFile`. Default: none.",
  },
  witnessQuorum: {
    env: 'VOXKEEP_WITNESS_QUORUM',
    schema: z.coerce.number().int().min(1).max(16).optional(),
    about:
      'Cosignatures that make a checkpoint witnessed. Default: more than half of the witnesses.',
  },
  witnessRequired: {
    env: 'VOXKEEP_WITNESS_REQUIRED',
    schema: z
      .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
      .default(false)
      .describe('`true` or `false`'),
    about: 'With `true` nothing is answered before a quorum of witnesses has countersigned it.',
  },
} as const;
