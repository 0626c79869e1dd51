import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ArchiveError } from '../../core/errors.ts';
import { syncFolder, writeKey } from '../key-files.ts';
import { keysError } from '../keys-error.ts';
import { openBundle, readBundleHeader } from './bundle.ts';
import { escrowError } from './escrow-error.ts';
import { commitmentOf } from './escrow-sets.ts';
import { publicKeyOf } from './hpke.ts';
import type { BundleHeader, Share } from './ports.ts';
import { joinShares } from './shamir.ts';
import { readShare } from './share-text.ts';

/**
 * Makes a key folder out of officers' shares (their texts) and an escrow bundle, whole or not at all,
 * and never over one that is there: KEYS_EXIST. What is wrong with a share is said with its place in
 * `shares` as the field: SHARE_UNREADABLE, SHARE_MISTYPED, SHARE_WRONG, SHARES_REPEATED,
 * SHARES_DIFFER, SHARES_OTHER_BUNDLE; SHARES_TOO_FEW; BUNDLE_DAMAGED.
 */
export async function restoreKeyFolder(options: {
  shares: readonly string[];
  bundle: Buffer;
  folder: string;
}): Promise<{ archiveId: string; setId: string; sealedAt: Date; files: number }> {
  const { bundle } = options;
  const folder = resolve(options.folder);
  if (existsSync(folder) && (await readdir(folder)).length > 0) {
    throw keysError('KEYS_EXIST', `${folder} is there already and is not empty`);
  }
  const { header } = readBundleHeader(bundle);
  const privateKey = joinedKey(options.shares.map(readAt), header);
  const files = openBundle(bundle, privateKey);
  privateKey.fill(0);
  const about = files.find(({ name }) => name === 'keys.json')?.bytes.toString() ?? '';
  if (!about.includes(header.archiveId) || !files.some(({ name }) => name === 'master.key')) {
    throw escrowError('BUNDLE_DAMAGED', 'the bundle holds no whole key folder', {
      field: 'bundle',
    });
  }
  const draft = `${folder}.restoring`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  await mkdir(draft, { mode: 0o700 });
  try {
    for (const { name, bytes } of files) {
      await writeKey(join(draft, name), bytes);
      bytes.fill(0);
    }
    // Over an empty folder at most: a folder with something in it is never replaced.
    await rename(draft, folder).catch((cause: unknown) => {
      throw keysError('KEYS_EXIST', `${folder} has been made meanwhile`, cause);
    });
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  await syncFolder(dirname(folder));
  const { archiveId, setId, sealedAt } = header;
  return { archiveId, setId, sealedAt: new Date(sealedAt), files: files.length };
}

function readAt(text: string, place: number): Share {
  try {
    return readShare(text);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    throw new ArchiveError(error.code, error.message, { field: fieldOf(place), cause: error });
  }
}

const fieldOf = (place: number): string => `shares/${place}`;

/** The private key, when enough shares are right. */
function joinedKey(shares: readonly Share[], header: BundleHeader): Buffer {
  for (const [place, share] of shares.entries()) {
    const refused = refusalOf(share, shares.slice(0, place), header);
    if (refused !== undefined) {
      throw escrowError(refused[0], refused[1], { field: fieldOf(place) });
    }
  }
  const { threshold, setId } = header;
  if (shares.length < threshold) {
    const message = `set ${setId} needs ${threshold} shares, and ${shares.length} are there`;
    throw escrowError('SHARES_TOO_FEW', message, { field: 'shares' });
  }
  const privateKey = joinShares(shares.slice(0, threshold));
  if (publicKeyOf(privateKey).toString('base64') !== header.publicKey) {
    throw escrowError('BUNDLE_DAMAGED', 'the bundle names another key than that of its shares', {
      field: 'bundle',
    });
  }
  return privateKey;
}

type Refusal = readonly [Parameters<typeof escrowError>[0], string];

function refusalOf(
  share: Share,
  before: readonly Share[],
  header: BundleHeader,
): Refusal | undefined {
  const { archiveId, setId, index, threshold, shares } = share;
  const [first] = before;
  if (first !== undefined && (first.setId !== setId || first.archiveId !== archiveId)) {
    return ['SHARES_DIFFER', `share ${index} is of set ${setId}, the first one of ${first.setId}`];
  }
  if (setId !== header.setId || archiveId !== header.archiveId) {
    return ['SHARES_OTHER_BUNDLE', `the bundle is of set ${header.setId}, the share of ${setId}`];
  }
  if (before.some((one) => one.index === index)) {
    return ['SHARES_REPEATED', `share ${index} is given twice`];
  }
  const isRight =
    threshold === header.threshold &&
    shares === header.shares &&
    commitmentOf(share) === header.commitments[index - 1];
  return isRight
    ? undefined
    : ['SHARE_WRONG', `share ${index} is not the one that was given out; its lines agree`];
}
