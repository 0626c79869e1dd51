import { type Checkpoint, logName, openCheckpoint, originIn } from '../log/checkpoint.ts';
import { openCosignature, witnessName } from '../log/cosignature.ts';
import { LogError } from '../log/log-error.ts';
import { isEarlierName, vkeyNamed } from '../log/log-name.ts';
import { splitNote } from '../log/signed-note.ts';
import type { Findings, SiteProblemKind } from './site-problem.ts';

/** A checkpoint as its file says it, with who countersigned it. */
export interface SiteNote {
  file: string;
  checkpoint: Checkpoint;
  cosigned: { name: string; at: Date }[];
}

/**
 * Opens a checkpoint file, of the key's log or of one that it may go on from; what is wrong with it is
 * found out, and then it is undefined.
 */
export function openSiteNote(
  file: string,
  bytes: Uint8Array,
  keys: { vkey: string; witnesses: readonly string[] },
  found: Findings,
): SiteNote | undefined {
  let text: string;
  let checkpoint: Checkpoint;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const origin = originIn(text);
    const earlier = isEarlierName(origin, logName(keys.vkey));
    checkpoint = openCheckpoint(text, earlier ? vkeyNamed(keys.vkey, origin) : keys.vkey);
  } catch (error) {
    if (error instanceof LogError && error.code === 'LOG_KEY_BAD') throw error;
    found.problem(kindOf(error), file, (error as Error).message);
    return undefined;
  }
  const cosigned = [];
  const known = new Set([checkpoint.origin]);
  for (const vkey of keys.witnesses) {
    const name = witnessName(vkey);
    known.add(name);
    try {
      const cosignature = openCosignature(text, vkey);
      if (cosignature !== undefined) cosigned.push({ name, at: cosignature.at });
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      found.problem('COSIGNATURE_BAD', file, error.message);
    }
  }
  noteStrangers(file, text, keys, cosigned.length, found);
  return { file, checkpoint, cosigned };
}

/** Lines that no given key accounts for; without witness keys they are expected. */
function noteStrangers(
  file: string,
  text: string,
  keys: { witnesses: readonly string[] },
  cosigned: number,
  found: Findings,
): void {
  const strangers = splitNote(text).signatures.length - 1 - cosigned;
  if (strangers <= 0 || keys.witnesses.length === 0) return;
  found.notice('SIGNATURE_UNKNOWN', file, `${strangers} signature lines of no key that was given`);
}

function kindOf(error: unknown): SiteProblemKind {
  if (!(error instanceof LogError)) return 'CHECKPOINT_BAD';
  if (error.code === 'LOG_SIGNATURE_BAD') return 'SIGNATURE_BAD';
  if (error.code === 'LOG_SUCCEEDED') return 'SUCCEEDED_BY';
  return error.message.includes('another log') ? 'ORIGIN_WRONG' : 'CHECKPOINT_BAD';
}
