import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { replaceFile } from '../key-files.ts';
import { escrowError } from './escrow-error.ts';
import { bundleFile, escrowSets } from './escrow-sets.ts';
import { hpkeOpen, hpkeSeal } from './hpke.ts';
import { BundleHeader } from './ports.ts';

const FORMAT = 'voxkeep/escrow-bundle/v1';
const LINE_FEED = 0x0a;
/** Longer headers are none of ours. */
const MOST_HEADER_BYTES = 8192;

/**
 * The files of a key folder that open every site on an empty machine. Keys of the quarantine are not
 * among them, ever, nor those of the web server, which are made anew.
 */
const ESCROWED = new RegExp(
  `^(?:keys\\.json|master\\.key|row-versions\\.json|escrow-[0-9A-Z]{16}\\.json|${[
    'kek-(?:basic|core|sensitive)-\\d{4}(?:\\.\\d{1,5})?\\.wrapped',
    'secret-[a-z-]+\\.wrapped',
    'index-[a-z-]+-\\d{4}(?:\\.\\d{1,5})?\\.wrapped',
    'document-[a-z-]+\\.sealed',
  ].join('|')})$`,
);

export interface KeyFile {
  name: string;
  bytes: Buffer;
}

export interface Bundle {
  setId: string;
  sealedAt: Date;
  bytes: Buffer;
}

/** Seals the key folder as it is now to its newest set, durably; undefined while there is no set. */
export async function renewBundle(options: {
  folder: string;
  archiveId: string;
  clock: Clock;
  random: Random;
}): Promise<Bundle | undefined> {
  const { folder, archiveId, clock, random } = options;
  const [set] = await escrowSets(folder);
  if (set === undefined) return undefined;
  const sealedAt = clock.now();
  const { setId, threshold, shares, publicKey, commitments } = set;
  const header: BundleHeader = {
    ...{ format: FORMAT, archiveId, setId, threshold, shares, publicKey, commitments },
    sealedAt: sealedAt.toISOString(),
  };
  const bytes = sealBundle(header, await filesToEscrow(folder), random);
  await replaceFile(bundleFile(folder, setId), bytes);
  return { setId, sealedAt, bytes };
}

/** Another text whenever something that belongs into the bundle has changed. */
export async function escrowStamp(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => ESCROWED.test(name)).sort();
  const stamps = await Promise.all(
    names.map(async (name) => {
      const at = await stat(join(folder, name), { bigint: true }).catch(() => undefined);
      return at === undefined ? '' : `${name} ${at.mtimeNs} ${at.ino} ${at.size}`;
    }),
  );
  return stamps.join('\n');
}

async function filesToEscrow(folder: string): Promise<KeyFile[]> {
  const files: KeyFile[] = [];
  for (const name of (await readdir(folder)).sort()) {
    if (!ESCROWED.test(name)) continue;
    try {
      files.push({ name, bytes: await readFile(join(folder, name)) });
    } catch (error) {
      // An epoch that was destroyed meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return files;
}

/** A line of JSON, then HPKE of the files, bound to that line. docs/FORMAT.md, "Escrow bundle". */
function sealBundle(header: BundleHeader, files: readonly KeyFile[], random: Random): Buffer {
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  const listed = files.map(({ name, bytes }) => ({ name, bytes: bytes.toString('base64') }));
  const plain = Buffer.from(JSON.stringify({ files: listed }));
  const ephemeral = random.bytes(32);
  const sealed = hpkeSeal({
    ...{ publicKey: Buffer.from(header.publicKey, 'base64'), ephemeral, plain },
    ...{ info: Buffer.from(FORMAT), associated: line },
  });
  for (const secret of [plain, ephemeral, ...files.map(({ bytes }) => bytes)]) secret.fill(0);
  return Buffer.concat([line, sealed]);
}

/** What a bundle says of itself; it is believed once it opens. Throws BUNDLE_DAMAGED. */
export function readBundleHeader(bundle: Buffer): { header: BundleHeader; headerBytes: number } {
  const end = bundle.subarray(0, MOST_HEADER_BYTES).indexOf(LINE_FEED);
  try {
    const header = BundleHeader.parse(JSON.parse(bundle.toString('utf8', 0, end)));
    return { header, headerBytes: end + 1 };
  } catch (cause) {
    const message = 'this is no escrow bundle, or one that this program does not know';
    throw escrowError('BUNDLE_DAMAGED', message, { field: 'bundle', cause });
  }
}

/** The files of a bundle. Throws BUNDLE_DAMAGED. */
export function openBundle(bundle: Buffer, privateKey: Buffer): KeyFile[] {
  const damaged = (message: string) => escrowError('BUNDLE_DAMAGED', message, { field: 'bundle' });
  const { headerBytes } = readBundleHeader(bundle);
  const plain = hpkeOpen({
    ...{ privateKey, info: Buffer.from(FORMAT), associated: bundle.subarray(0, headerBytes) },
    sealed: bundle.subarray(headerBytes),
  });
  if (plain === undefined) throw damaged('the bundle does not open with its key: it was changed');
  const { files } = JSON.parse(plain.toString()) as { files: { name: string; bytes: string }[] };
  plain.fill(0);
  const strange = files.find(({ name }) => !ESCROWED.test(name));
  if (strange !== undefined)
    throw damaged('the bundle holds a file that this program does not know');
  return files.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes, 'base64') }));
}
