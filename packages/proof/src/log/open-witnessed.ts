import { type Checkpoint, openCheckpoint } from './checkpoint.ts';
import { openCosignature, witnessName } from './cosignature.ts';
import { LogError } from './log-error.ts';

/** A witness that countersigned, and when by its own clock. */
export interface Countersigned {
  name: string;
  at: string;
}

/**
 * Reads a checkpoint that the log's key signed and that each of the witnesses countersigned. Throws what
 * openCheckpoint throws, LOG_KEY_BAD for what is no witness's key, and LOG_SIGNATURE_BAD where one did not.
 */
export function openWitnessed(
  note: string,
  vkey: string,
  witnesses: readonly string[],
): { checkpoint: Checkpoint; cosigned: Countersigned[] } {
  const checkpoint = openCheckpoint(note, vkey);
  const cosigned = witnesses.map((witness) => {
    const name = witnessName(witness);
    const found = openCosignature(note, witness);
    if (found !== undefined) return { name, at: found.at.toISOString() };
    throw new LogError('LOG_SIGNATURE_BAD', `${name} did not countersign it`);
  });
  return { checkpoint, cosigned };
}
