import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildLedgerGo, missingForGo } from '../../test/contracts/ledger-go/build-ledger-go.ts';
import { compareLedgers, readLedger } from '../oracle/read-ledger.ts';
import { judgeBitFlips } from './ledger/bit-flips.ts';
import { HISTORY_TAMPERINGS } from './ledger/histories.ts';
import { Judges, tells, told } from './ledger/judges.ts';
import { type MadeLedger, makeLedger, makeWitnesses, SITES } from './ledger/make-ledger.ts';
import { Scratch } from './ledger/scratch.ts';
import { FILE_TAMPERINGS } from './ledger/tamperings.ts';
import { measureThroughput } from './ledger/throughput.ts';
import type { WitnessProcess } from './ledger/witness-process.ts';
import { judgeWitnesses } from './ledger/witness-refusals.ts';
import { TestArchive } from './test-archive.ts';

/** What two cores have to give; the small proof runs beside other things and only looks for ruin. */
const LEAST_PER_SECOND = { full: 500, small: 100 };
const TAMPERINGS = [...FILE_TAMPERINGS, ...HISTORY_TAMPERINGS];

/**
 * The ledger of a running archive with three witnesses, copied, tampered with in every way and at
 * every site, and judged by `voxkeep ledger verify`, a Go program and a reader of the formats. With
 * `--small` fewer bits are flipped.
 */
export async function proveLedger(say: (line: string) => void): Promise<string[]> {
  const small = process.argv.includes('--small');
  const folder = mkdtempSync(join(tmpdir(), 'voxkeep-prove-ledger-'));
  const archive = new TestArchive();
  const problems: string[] = [];
  const witnesses: WitnessProcess[] = [];
  let judges: Judges | undefined;
  try {
    const missing = missingForGo();
    if (missing.length > 0) return [`the Go program needs ${missing.join(', ')}`];
    const go = buildLedgerGo(folder);
    witnesses.push(...makeWitnesses(folder));
    const ledger = await makeLedger(archive, folder, witnesses);
    await archive.stop();
    const { entries, sizes } = ledger;
    say(`an archive wrote ${entries.length} entries; ${sizes.length} sizes have their tiles`);
    judges = new Judges(ledger, go);
    await judgeUntouched(ledger, judges, problems);
    const { cases, byGo } = await judgeTamperings(ledger, judges, folder, problems);
    say(`${TAMPERINGS.length} kinds of tampering × ${SITES.length} sites told and placed`);
    const wanted = small ? 150 : 10_000;
    const judgesOf = () => new Judges(ledger, go);
    const flips = await judgeBitFlips(ledger, judgesOf, join(folder, 'flips'), wanted, problems);
    say(`${flips.flips} of ${wanted} flipped bits told and placed`);
    const { entries: all } = readLedger(join(archive.data, 'sites/hq/ledger'), ledger.verifierKey);
    const refused = await judgeWitnesses(ledger, all, problems);
    say(`three witnesses refused ${refused} times, and after a power cut too`);
    mkdirSync(join(folder, 'rate'));
    const rate = await measureThroughput(join(folder, 'rate'), small ? 2_500 : 20_000);
    const { median, p99 } = rate.waitMs;
    const shown = `${Math.round(rate.perSecond)} durable entries/s, waits ${median.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`;
    say(shown);
    if (rate.perSecond < LEAST_PER_SECOND[small ? 'small' : 'full'])
      problems.push(`throughput: ${shown}`);
    if (problems.length === 0) {
      say(
        `prove ledger: OK ${TAMPERINGS.length} kinds × ${SITES.length} sites = ${cases} cases, ` +
          `${flips.flips} bit flips, ${byGo + flips.byGo} refusals shared by Go, ` +
          `${refused} refusals by witnesses, ${shown}`,
      );
    }
  } finally {
    await judges?.end();
    for (const one of witnesses) await one.kill();
    await archive.stop();
    archive.remove();
    rmSync(folder, { recursive: true, force: true });
  }
  return problems;
}

/** Nobody raises an alarm over what nobody touched; every two sites are one history. */
async function judgeUntouched(
  ledger: MadeLedger,
  judges: Judges,
  problems: string[],
): Promise<void> {
  for (const site of SITES) {
    const others = SITES.filter((one) => one !== site).map(ledger.whole);
    for (const against of [[], others]) {
      const verdict = await judges.verify(ledger.whole(site), against);
      if (!verdict.ok || verdict.witnessedSize !== ledger.entries.length) {
        problems.push(`untouched ${site}: ${told(verdict)}`);
      }
    }
    const byGo = await judges.verifyByGo(ledger.whole(site));
    const all = byGo.entries === ledger.entries.length && byGo.earlier === ledger.published.length;
    if (!byGo.ok || !all) problems.push(`untouched ${site}, Go: ${JSON.stringify(byGo)}`);
    compareLedgers(ledger.whole('hq'), ledger.whole(site), ledger.verifierKey);
    const early = await judges.verify(ledger.early(site), []);
    if (!early.ok) problems.push(`untouched early ${site}: ${told(early)}`);
  }
}

async function judgeTamperings(
  ledger: MadeLedger,
  judges: Judges,
  folder: string,
  problems: string[],
): Promise<{ cases: number; byGo: number }> {
  let [cases, byGo] = [0, 0];
  for (const [place, site] of SITES.entries()) {
    const against = [ledger.whole(SITES[(place + 1) % SITES.length] ?? 'hq')];
    for (const { name, apply, go } of TAMPERINGS) {
      const scratch = new Scratch(join(folder, 'scratch'), ledger, site);
      const expected = apply(scratch);
      const verdict = await judges.verify(scratch.folder, against);
      cases += 1;
      if (!tells(verdict, expected)) {
        problems.push(`${site}: ${name}: expected ${JSON.stringify(expected)}, ${told(verdict)}`);
      }
      const judged = await judges.verifyByGo(scratch.folder);
      if (go && judged.ok) problems.push(`${site}: ${name}: the Go program took it`);
      if (go && !judged.ok) byGo += 1;
    }
  }
  return { cases, byGo };
}
