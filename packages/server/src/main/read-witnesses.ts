import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { LogError, witnessName } from '@voxkeep/proof';
import { parse } from 'yaml';
import { z } from 'zod';
import { ArchiveError } from '../core/errors.ts';
import { NO_WITNESSES, type Witnesses } from '../ledger/index.ts';
import { httpWitness, type WitnessAddress } from '../platform/witness/http-witness.ts';

const Entry = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  key: z.string().min(1),
  tokenFile: z.string().min(1).optional(),
  caFile: z.string().min(1).optional(),
});
const List = z.array(Entry).min(1).max(16);
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * The witnesses of the file, and how many of them it takes: more than half unless `quorum` says
 * otherwise. Rejects with CONFIG_INVALID that lists every problem at once.
 */
export async function readWitnesses(config: {
  witnesses?: string | undefined;
  witnessQuorum?: number | undefined;
  witnessRequired: boolean;
}): Promise<Witnesses> {
  const { witnesses: file, witnessQuorum, witnessRequired: required } = config;
  if (file === undefined) {
    if (!required && witnessQuorum === undefined) return NO_WITNESSES;
    throw invalid(['witnesses (VOXKEEP_WITNESSES): is needed for a quorum']);
  }
  const problems: string[] = [];
  const entries = parseList(await readText(file, problems), file, problems);
  const addresses = await Promise.all(
    entries.map((entry, at) => addressOf(entry, `${file}: witness ${at + 1}`, file, problems)),
  );
  const names = addresses.map((one) => one.name);
  if (new Set(names).size < names.length) problems.push(`${file}: two witnesses have one name`);
  const quorum = witnessQuorum ?? Math.floor(entries.length / 2) + 1;
  if (quorum > entries.length && entries.length > 0) {
    problems.push(`witnessQuorum (VOXKEEP_WITNESS_QUORUM): only ${entries.length} are listed`);
  }
  if (problems.length > 0) throw invalid(problems);
  return { witnesses: addresses.map(httpWitness), quorum, required };
}

function parseList(text: string, file: string, problems: string[]): z.infer<typeof List> {
  if (problems.length > 0) return [];
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    problems.push(`${file}: is not YAML`);
    return [];
  }
  const parsed = List.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) {
    const where = issue.path.map((part) => (typeof part === 'number' ? part + 1 : part)).join('/');
    problems.push(`${file}: ${where || 'the list'}: ${issue.message}`);
  }
  return [];
}

async function addressOf(
  entry: z.infer<typeof Entry>,
  where: string,
  file: string,
  problems: string[],
): Promise<WitnessAddress> {
  const beside = (path: string) => resolve(dirname(file), path);
  const url = new URL(entry.url);
  const { tokenFile, caFile } = entry;
  if (tokenFile !== undefined && url.protocol === 'http:' && !LOOPBACK.has(url.hostname)) {
    problems.push(`${where}: a token goes over https only, but to this machine`);
  }
  const token =
    tokenFile === undefined ? undefined : (await readText(beside(tokenFile), problems)).trim();
  const ca = caFile === undefined ? undefined : await readText(beside(caFile), problems);
  return {
    ...{ name: nameIn(entry.key, where, problems), vkey: entry.key, url },
    ...(token === undefined ? {} : { token }),
    ...(ca === undefined ? {} : { ca: Buffer.from(ca) }),
  };
}

function nameIn(vkey: string, where: string, problems: string[]): string {
  try {
    return witnessName(vkey);
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    problems.push(`${where}: key: ${error.message}`);
    return where;
  }
}

async function readText(file: string, problems: string[]): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    problems.push(`${file}: cannot be read`);
    return '';
  }
}

function invalid(problems: string[]): ArchiveError {
  return new ArchiveError('CONFIG_INVALID', `configuration: ${problems.join('; ')}`);
}
