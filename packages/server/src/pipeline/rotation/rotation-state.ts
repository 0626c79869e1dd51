import { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';
import type { KeyStore } from '../../keys/index.ts';

const Instant = z.iso.datetime();
const Epoch = z.strictObject({ kind: z.enum(['content', 'quarantine']), epoch: z.string() });
const State = z.strictObject({
  format: z.literal('voxkeep/rotation/v1'),
  /** The walk over all living envelopes into the epoch `to`; the last one when it has ended. */
  walk: z
    .strictObject({
      to: z.string(),
      beganAt: Instant,
      /** The last object that was brought over. */
      reached: z.string().nullable(),
      seen: z.int(),
      renewed: z.int(),
      /** Objects of which no site has an envelope that opens. */
      unopened: z.int(),
      endedAt: Instant.optional(),
    })
    .optional(),
  /** Begun, and not yet known to be in the ledger. */
  destroying: z.array(Epoch),
  /** The escrow set that the ledger knows of. */
  announcedSet: z.string().optional(),
  /** Content epochs. */
  destroyed: z.array(z.strictObject({ epoch: z.string(), at: Instant })),
});
export type RotationState = z.infer<typeof State>;
export type Walk = NonNullable<RotationState['walk']>;

const NAME = 'rotation';

/** The state in hand, and the way to keep what was changed of it. */
export interface RotationMemory {
  state: RotationState;
  /** Durable once it resolves; one write after the other, each with all that is known by then. */
  keep(): Promise<void>;
}

/** How far the archive is with its epochs, kept beside the keys. Rejects with KEYS_DAMAGED. */
export async function openRotationState(
  keys: Pick<KeyStore, 'documents'>,
): Promise<RotationMemory> {
  const state = await read(keys);
  let writing: Promise<void> = Promise.resolve();
  return {
    state,
    keep() {
      writing = writing
        .catch(() => undefined)
        .then(() => keys.documents.write(NAME, Buffer.from(JSON.stringify(state))));
      return writing;
    },
  };
}

async function read(keys: Pick<KeyStore, 'documents'>): Promise<RotationState> {
  const bytes = await keys.documents.read(NAME);
  if (bytes === undefined) {
    return { format: 'voxkeep/rotation/v1', destroying: [], destroyed: [] };
  }
  try {
    return State.parse(JSON.parse(bytes.toString()));
  } catch (cause) {
    throw new ArchiveError('KEYS_DAMAGED', 'document-rotation does not read', { cause });
  }
}
