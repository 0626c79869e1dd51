import type { LedgerEntryView, LedgerProofView } from '@voxkeep/contract';
import { fromBase64, hashLeaf, rootOf, sameBytes } from './merkle.ts';
import { checkSignature, readCheckpoint } from './signed-note.ts';

export type Verdict = 'good' | 'bad' | 'unsupported';
export interface ProofChecks {
  /** What the page shows is what the log holds. */
  shown: Verdict;
  /** The logged bytes have the hash of their leaf, and the path leads to the checkpoint's root. */
  included: Verdict;
  /** The log's key signed that checkpoint. */
  signed: Verdict;
  /** The logged text. */
  text: string;
  size: number;
}

/** Checks an entry's proof here, in the browser; nothing of the archive's own word is taken. */
export async function checkProof(
  shown: LedgerEntryView,
  proof: LedgerProofView,
  verifierKey: string,
): Promise<ProofChecks> {
  const entry = fromBase64(proof.entry);
  const path = proof.hashes.map(fromBase64);
  const checkpoint = readCheckpoint(proof.checkpoint);
  const text = entry === undefined ? '' : new TextDecoder().decode(entry);
  const result: ProofChecks = {
    ...{ shown: 'bad', included: 'bad', signed: 'bad' },
    ...{ text, size: checkpoint?.size ?? 0 },
  };
  if (entry === undefined || checkpoint === undefined) return result;
  if (sameAsShown(text, shown)) result.shown = 'good';
  const siblings = path.filter((one) => one !== undefined);
  const leaf = await hashLeaf(entry);
  const root = await rootOf(leaf, shown.index, checkpoint.size, siblings);
  if (siblings.length === path.length && root !== undefined && sameBytes(root, checkpoint.root)) {
    result.included = 'good';
  }
  result.signed = await checkSignature(checkpoint, verifierKey);
  return result;
}

/** Names are today's, from the catalog; everything else has to be in the logged text. */
function sameAsShown(text: string, shown: LedgerEntryView): boolean {
  let logged: Record<string, unknown>;
  try {
    logged = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return false;
  }
  const actor = logged['actor'] as { id?: unknown; role?: unknown } | undefined;
  return (
    logged['seq'] === shown.index &&
    logged['action'] === shown.action &&
    logged['outcome'] === shown.outcome &&
    logged['resource'] === shown.resource &&
    logged['time'] === shown.time &&
    actor?.id === shown.actor.id &&
    actor.role === shown.actor.role
  );
}
