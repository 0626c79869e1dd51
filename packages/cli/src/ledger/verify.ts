import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Elsewhere, LogError, type SiteReport, verifySite } from '@voxkeep/proof';
import { z } from 'zod';
import { CommandError, EXIT } from '../exit-codes.ts';
import { type Access, fetchBytes } from './fetch-text.ts';
import { folderFiles } from './folder-files.ts';

export interface VerifyRequest {
  /** A site's folder. */
  site: string;
  /** The log's verifier key. */
  key: string;
  /** Folders of other sites, addresses of a log or a witness, files with a checkpoint. */
  against: string[];
  witnesses: string[];
  /** More than half of the witnesses where it is not given. */
  quorum?: number | undefined;
  /** Notices count as problems. */
  strict: boolean;
  /** For how long a site that is behind may catch up. */
  waitS: number;
}

export type VerifyResult = SiteReport & { site: string };

const RETRY_MS = 500;

/** Verifies one site's ledger. Rejects with SITE_MISSING, AGAINST_MISSING, KEY_BAD, UNREACHABLE. */
export async function verifyOne(request: VerifyRequest, access: Access): Promise<VerifyResult> {
  const deadline = performance.now() + request.waitS * 1000;
  for (;;) {
    const result = await verifyNow(request, access);
    const behind = result.problems.length > 0 && result.problems.every(isLag);
    if (!behind || performance.now() >= deadline) return result;
    await sleep(RETRY_MS);
  }
}

/** What a site that is being written may show for a moment. */
const isLag = ({ kind }: { kind: string }) => kind === 'BEHIND' || kind === 'BEYOND_CHECKPOINT';

async function verifyNow(request: VerifyRequest, access: Access): Promise<VerifyResult> {
  const { site, key: vkey, witnesses, strict } = request;
  // Before the site itself: what is written meanwhile makes it larger, never smaller.
  const against = await Promise.all(request.against.map((where) => elsewhere(where, access)));
  const quorum =
    request.quorum ?? (witnesses.length === 0 ? 0 : Math.floor(witnesses.length / 2) + 1);
  try {
    const files = await folderFiles(site);
    const report = await verifySite(files, { vkey, witnesses, quorum, against });
    return { site, ...report, ok: report.ok && !(strict && report.notices.length > 0) };
  } catch (error) {
    if (error instanceof LogError) throw new CommandError('KEY_BAD', error.message, EXIT.usage);
    throw error;
  }
}

async function elsewhere(where: string, access: Access): Promise<Elsewhere> {
  if (/^https?:\/\//.test(where)) {
    const address = `${where.replace(/\/$/, '')}/checkpoint`;
    return { name: where, note: await fetchBytes(address, access) };
  }
  const about = await stat(where).catch(() => undefined);
  if (about?.isDirectory() === true) {
    const files = await folderFiles(where);
    const note = await files.read('checkpoint');
    if (note !== undefined) return { name: where, note, files };
  } else if (about?.isFile() === true) return { name: where, note: await readFile(where) };
  throw new CommandError('AGAINST_MISSING', `there is no checkpoint at ${where}`, EXIT.usage);
}

/** Lines for a terminal: one for the site, one for each finding. */
export function verifyLines(result: VerifyResult, strict: boolean): string[] {
  const { site, ok, size, rootHex, witnessedSize, problems, notices } = result;
  const found = [
    ...problems.map((one) => ({ ...one, note: '' })),
    ...notices.map((one) => ({ ...one, note: strict ? '' : 'notice: ' })),
  ];
  const seen = witnessedSize === undefined ? '' : `, countersigned up to ${witnessedSize}`;
  const head = ok ? `OK ${size} entries, root ${rootHex}${seen}` : 'DOES NOT VERIFY';
  return [
    `${site}: ${head}`,
    ...found.map(({ note, file, kind, entry, message }) => {
      const at = entry === undefined ? '' : ` (entry ${entry})`;
      return `  ${note}${file}: ${kind}${at}: ${message}`;
    }),
  ];
}

const BatchLine = z.strictObject({
  id: z.union([z.string(), z.number()]),
  site: z.string().min(1),
  against: z.array(z.string().min(1)).default([]),
  witnesses: z.array(z.string().min(1)).optional(),
  quorum: z.int().min(0).optional(),
});

/**
 * Verifies what each line of a file, or of standard input for `-`, asks for, one after another, and
 * writes one line of JSON for each. Resolves to whether all of them verified.
 */
export async function verifyBatch(
  file: string,
  usual: Omit<VerifyRequest, 'site' | 'against'>,
  access: Access,
  write: (line: string) => void,
): Promise<boolean> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  let ok = true;
  for await (const line of createInterface({ input })) {
    if (line.trim() === '') continue;
    const { id, witnesses, quorum, ...asked } = parseLine(line);
    const request = {
      ...usual,
      ...asked,
      witnesses: witnesses ?? usual.witnesses,
      quorum: quorum ?? usual.quorum,
    };
    try {
      const result = await verifyOne(request, access);
      ok &&= result.ok;
      write(JSON.stringify({ id, ...result }));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      ok = false;
      write(JSON.stringify({ id, ok: false, error: error.code, message: error.message }));
    }
  }
  return ok;
}

function parseLine(line: string): z.infer<typeof BatchLine> {
  try {
    return BatchLine.parse(JSON.parse(line));
  } catch {
    const form = '{"id", "site", "against"?, "witnesses"?, "quorum"?}';
    throw new CommandError('BATCH_INVALID', `a line is not ${form}`, EXIT.usage);
  }
}
