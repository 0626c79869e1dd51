import { createDecipheriv } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerStateView } from '@voxkeep/contract';
import { readLedger } from '../../oracle/read-ledger.ts';
import type { OracleKey } from '../../oracle/write-ledger.ts';
import { TestArchive } from '../test-archive.ts';
import { WitnessProcess } from './witness-process.ts';

export const SITES = ['hq', 'branch', 'cloud'] as const;
export type SiteName = (typeof SITES)[number];

/** A ledger that a running archive wrote, copied at rest, and all that a forger could steal. */
export interface MadeLedger {
  verifierKey: string;
  witnesses: WitnessProcess[];
  /** Folder of a site's untouched ledger. */
  whole(site: SiteName): string;
  /** The same when it was smaller. */
  early(site: SiteName): string;
  /** Checkpoints that the first site showed on the way, oldest first. */
  published: string[];
  entries: Buffer[];
  /** Sizes that were published. */
  sizes: number[];
  logKey: OracleKey;
}

const ACTS_AT_ONCE = 20;
const ROUNDS = 24;

/** Three witnesses, not started yet; whoever has them ends them. */
export const makeWitnesses = (folder: string): WitnessProcess[] =>
  ['branch', 'cloud', 'auditor'].map(
    (name) => new WitnessProcess(join(folder, `witness-${name}`), `witness.example/${name}`),
  );

/** Lets an archive with these witnesses work until its ledger has some 500 entries. */
export async function makeLedger(
  archive: TestArchive,
  folder: string,
  witnesses: WitnessProcess[],
): Promise<MadeLedger> {
  const list = join(folder, 'witnesses.yaml');
  for (const one of witnesses) await one.start();
  writeFileSync(list, witnesses.map((w) => `- url: ${w.url}\n  key: ${w.verifierKey}\n`).join(''));
  process.env['VOXKEEP_WITNESSES'] = list;
  try {
    await archive.start();
  } finally {
    delete process.env['VOXKEEP_WITNESSES'];
  }
  const { verifierKey } = await archive.json<LedgerStateView>('auditor', '/ledger/state');
  for (const one of witnesses) {
    await one.kill();
    one.trust(verifierKey);
    await one.start();
  }
  const site = (name: SiteName) => join(archive.data, 'sites', name, 'ledger');
  const published: string[] = [];
  // Once: many at the same time would look like guessing.
  await archive.json('qa', '/session');
  for (let round = 0; round < ROUNDS; round += 1) {
    const acts = Array.from({ length: ACTS_AT_ONCE }, () =>
      archive.json('qa', '/records?agent=001&limit=1'),
    );
    await Promise.all(acts);
    const file = join(folder, `published-${round}`);
    cpSync(join(site('hq'), 'checkpoint'), file);
    published.push(file);
    if (round === ROUNDS / 2) await copyAtRest(site, (name) => join(folder, 'early', name));
  }
  await copyAtRest(site, (name) => join(folder, 'whole', name));
  published.push(join(folder, 'whole/hq/checkpoint'));
  const whole = (name: SiteName) => join(folder, 'whole', name);
  const { entries } = readLedger(whole('hq'), verifierKey);
  return {
    ...{ verifierKey, witnesses, whole, published, entries, sizes: sizesAt(whole('hq')) },
    early: (name) => join(folder, 'early', name),
    logKey: { name: verifierKey.split('+')[0] ?? '', seed: stealLogKey(archive.keys) },
  };
}

/** Copies the three ledgers once all show the same checkpoint with every cosignature. */
async function copyAtRest(
  from: (name: SiteName) => string,
  to: (name: SiteName) => string,
): Promise<void> {
  const shown = () => SITES.map((name) => readFileSync(join(from(name), 'checkpoint'), 'utf8'));
  for (let waited = 0; waited < 60_000; waited += 100) {
    const before = shown();
    const [first = ''] = before;
    const rests =
      before.every((one) => one === first) &&
      first.split('\n\u2014 ').length === 5 &&
      SITES.every(
        (name) =>
          existsSync(join(from(name), 'witnessed')) &&
          readFileSync(join(from(name), 'witnessed'), 'utf8') === first,
      );
    if (rests) {
      for (const name of SITES) {
        mkdirSync(to(name), { recursive: true });
        cpSync(from(name), to(name), { recursive: true });
      }
      if (shown().every((one) => one === first)) return;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('the sites never came to rest with every cosignature');
}

/** Sizes that a ledger has partial bundles or whole ones of. */
function sizesAt(folder: string): number[] {
  const sizes = new Set<number>();
  for (const name of readdirSync(join(folder, 'tile/entries'), { recursive: true })) {
    const [, index = '', width = '256'] = /^(\d{3})(?:\.p\/(\d+))?$/.exec(String(name)) ?? [];
    if (index !== '') sizes.add(Number(index) * 256 + Number(width));
  }
  return [...sizes].sort((a, b) => a - b);
}

/** As docs/FORMAT.md has it: RFC 3394 under the master key. */
function stealLogKey(keyFolder: string): Buffer {
  const master = readFileSync(join(keyFolder, 'master.key'));
  const wrapped = readFileSync(join(keyFolder, 'secret-ledger-signing.wrapped'));
  const open = createDecipheriv('id-aes256-wrap', master, Buffer.from('a6a6a6a6a6a6a6a6', 'hex'));
  return Buffer.concat([open.update(wrapped), open.final()]);
}
