import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { replaceFile, syncFolder } from '../key-files.ts';
import { base32Of } from './base32.ts';
import { escrowError } from './escrow-error.ts';
import { publicKeyOf } from './hpke.ts';
import { type EscrowSet, EscrowSetFile, type Share } from './ports.ts';
import { isScheme, splitSecret } from './shamir.ts';

const FILE = /^escrow-([0-9A-Z]{16})\.json$/;

export const bundleFile = (folder: string, setId: string): string =>
  join(folder, `escrow-${setId}.bundle`);

/**
 * A new escrow key of which nothing stays but its public half and the shares. The set counts once it is
 * kept (`keepEscrowSet`). Throws ESCROW_SCHEME.
 */
export function createEscrowSet(options: {
  archiveId: string;
  threshold: number;
  shares: number;
  clock: Clock;
  random: Random;
  /** The sets that there are; the new one comes after them. */
  earlier: readonly EscrowSet[];
}): { set: EscrowSet; shares: Share[] } {
  const { archiveId, threshold, shares: count, clock, random } = options;
  if (!isScheme(threshold, count)) {
    const message = `${threshold} of ${count} is no scheme: at least 2, at most as many as there are shares, and of those at most 16`;
    throw escrowError('ESCROW_SCHEME', message, { field: 'threshold' });
  }
  const privateKey = random.bytes(32);
  const publicKey = publicKeyOf(privateKey);
  const setId = base32Of(
    createHash('sha256').update('voxkeep/escrow-key\0').update(publicKey).digest().subarray(0, 10),
  );
  const shares = splitSecret(privateKey, { threshold, shares: count, random }).map(
    ({ index, value }): Share => ({ archiveId, setId, threshold, shares: count, index, value }),
  );
  privateKey.fill(0);
  const set = {
    number: 1 + Math.max(0, ...options.earlier.map(({ number }) => number)),
    ...{ setId, createdAt: clock.now().toISOString(), threshold, shares: count },
    publicKey: publicKey.toString('base64'),
    commitments: shares.map(commitmentOf),
    confirmedAt: shares.map(() => null),
  };
  return { set, shares };
}

/** Tells a share from every other text of 32 bytes, and nothing of the share. */
export const commitmentOf = ({ setId, index, value }: Share): string =>
  createHash('sha256')
    .update(`voxkeep/escrow-share/v1\n${setId}\n${index}\n`)
    .update(value)
    .digest('base64');

export const keepEscrowSet = (folder: string, set: EscrowSet): Promise<void> =>
  replaceFile(
    join(folder, `escrow-${set.setId}.json`),
    Buffer.from(`${JSON.stringify({ format: 'voxkeep/escrow/v1', ...set })}\n`),
  );

/** The sets of a key folder, the newest first; the others are there until their bundles are gone. */
export async function escrowSets(folder: string): Promise<EscrowSet[]> {
  const found: EscrowSet[] = [];
  for (const name of await readdir(folder)) {
    if (FILE.test(name)) found.push(await readSet(folder, name));
  }
  return found.sort((a, b) => b.number - a.number);
}

/** Removes a set and its bundle from the key folder. */
export async function forgetEscrowSet(folder: string, setId: string): Promise<void> {
  await rm(bundleFile(folder, setId), { force: true });
  await rm(join(folder, `escrow-${setId}.json`), { force: true });
  await syncFolder(folder);
}

async function readSet(folder: string, name: string): Promise<EscrowSet> {
  try {
    const { format: _, ...set } = EscrowSetFile.parse(
      JSON.parse(await readFile(join(folder, name), 'utf8')),
    );
    return set;
  } catch (cause) {
    throw escrowError('ESCROW_DAMAGED', `${name} does not read`, { cause });
  }
}

/**
 * Whether a share is the one that was given out, of the newest set; then noted as at hand now. Rejects
 * with SHARES_DIFFER for a share of another set, SHARE_WRONG.
 */
export async function confirmShare(folder: string, share: Share, clock: Clock): Promise<EscrowSet> {
  const [set] = await escrowSets(folder);
  if (set?.setId !== share.setId) {
    throw escrowError(
      'SHARES_DIFFER',
      `the share is of set ${share.setId}, which is not the newest`,
    );
  }
  if (set.commitments[share.index - 1] !== commitmentOf(share)) {
    throw escrowError('SHARE_WRONG', `share ${share.index} is not the one that was given out`);
  }
  const now = clock.now().toISOString();
  const confirmedAt = set.confirmedAt.map((at, place) => (place === share.index - 1 ? now : at));
  const confirmed = { ...set, confirmedAt };
  await keepEscrowSet(folder, confirmed);
  return confirmed;
}
