import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AuditFindingsPage,
  AuditFindingView,
  AuditRunDetail,
  DrillsView,
  SearchResult,
} from '@voxkeep/contract';
import type { Expected, Plant } from './audit/plant.ts';
import { PLANTS } from './audit/plants.ts';
import { recount } from './audit/recount.ts';
import { Scene } from './audit/scene.ts';
import { TestArchive } from './test-archive.ts';

/** What this machine is and has, whatever the archive does about it. */
const OF_THE_HOST = ['disks.encrypted', 'keys.apart', 'keys.escrow', 'ledger.witnesses'];
/** Of a small run, so many faults are planted at a time. */
const AT_ONCE = 12;
/** Entries of a full bundle (C2SP tlog-tiles). */
const FULL_BUNDLE = 256;
const SITES = ['hq', 'branch', 'cloud'];
const ROOT = resolve(import.meta.dirname, '../..');

/**
 * A clean archive passes its audit; then every fault that is planted, by files and SQL, is found and named,
 * and nothing else; and the figures are those of a recount. With `--small` several faults at once.
 */
export async function proveAudit(say: (line: string) => void): Promise<string[]> {
  const small = process.argv.includes('--small');
  const archive = new TestArchive();
  const problems: string[] = [];
  try {
    const rules = longRules();
    const file = join(archive.folder, 'retention.yaml');
    writeFileSync(file, rules);
    await archive.start([], [], {
      VOXKEEP_RETENTION: file,
      ...{ VOXKEEP_LOG_LEVEL: 'warn', VOXKEEP_DRILL_DAYS: '0', VOXKEEP_AUDIT_SAMPLE: '1000' },
    });
    const scene = await Scene.of(archive);
    try {
      scene.rules = rules;
      scene.read = await settled(archive);
      await prepare(scene);
      const accepted = await makeClean(scene, problems);
      say(
        `a clean archive passes; ${accepted} findings of this machine were accepted by two people`,
      );
      const batches = small ? inBatches(PLANTS) : PLANTS.map((one) => [one]);
      let found = 0;
      for (const batch of batches) found += await judge(scene, batch, problems);
      say(`${PLANTS.length} faults planted, ${found} findings of them named`);
      const last = await audit(scene);
      if (last.run.outcome !== 'passed') {
        problems.push(`all is undone, and ${last.open.map(nameOf)} stays`);
      }
      problems.push(...(await recount(scene, last.run)));
      if (problems.length === 0) {
        const { checks = 0, looked = 0 } = last.run.figures ?? {};
        say(
          `prove audit: OK ${PLANTS.length} faults found, ${checks} checks, ${looked} things looked at, figures recounted`,
        );
      }
    } finally {
      await scene.pool.end();
    }
  } finally {
    await archive.stop();
    archive.remove();
  }
  return problems;
}

/** As they are shipped, but for longer: of the sample calls none is due, whenever this is run. */
const longRules = (): string =>
  readFileSync(join(ROOT, 'config/retention.yaml'), 'utf8')
    .replaceAll('keep: { years: 1 }', 'keep: { years: 90 }')
    .replaceAll('atMost: { years: 3 }', 'atMost: { years: 95 }');

/** Until every sample call is archived; one of them, whose transcript was read. */
async function settled(archive: TestArchive): Promise<string> {
  for (let waited = 0; waited < 120_000; waited += 500) {
    const { hits } = await archive.json<SearchResult>('qa', '/records?limit=200');
    const [first] = hits;
    if (hits.length >= 12 && first !== undefined) {
      await archive.json('qa', `/records/${first.id}/transcript`);
      return first.id;
    }
    await sleep(500);
  }
  throw new Error('the sample calls are not archived');
}

/** Registers are kept and a recovery is rehearsed, as in a house that is in order. */
async function prepare(scene: Scene): Promise<void> {
  const day = (years: number) => `${new Date().getUTCFullYear() + years}-01-01`;
  const entry = (kind: string, more: object = {}) =>
    scene.post('compliance', '/registers', {
      ...{ kind, title: '合规文件', validFrom: day(0), reviewBy: day(2) },
      ...{ documentSha256: createHash('sha256').update(kind).digest('hex'), ...more },
    });
  await entry('impact_assessment');
  await entry('consent_basis');
  await entry('processor_contract', { subject: 'cloud' });
  for (const subject of SITES) await entry('site_country', { subject, country: 'CN' });
  // What is harmed of the log lies in a bundle that is full, which nothing reads again to publish it.
  const size = 'select count(*)::text from ledger_entry';
  while (Number(await scene.one(size)) < FULL_BUNDLE + 20) {
    await scene.archive.json('qa', `/records/${scene.read}`);
  }
  // Only a snapshot can be restored from.
  const snapshots = 'select count(*)::text from journal_snapshot where ended_at is not null';
  for (let left = 120; (await scene.one(snapshots)) === '0' && left > 0; left -= 1)
    await sleep(500);
  await scene.post('operator', '/drills', { site: 'hq', kind: 'sample' });
  for (let left = 240; left > 0; left -= 1) {
    const { drills } = await scene.archive.json<DrillsView>('operator', '/drills');
    const [drill] = drills;
    if (drill?.outcome === 'ok' || drill?.outcome === 'slow') return;
    if (drill?.outcome !== undefined)
      throw new Error(`the drill ended ${drill.outcome} ${drill.code}`);
    await sleep(500);
  }
  throw new Error('the drill did not end');
}

/** Accepts, by two people, what this machine cannot help; resolves to how many. */
async function makeClean(scene: Scene, problems: string[]): Promise<number> {
  const first = await audit(scene);
  const own = first.findings.filter(({ check }) => OF_THE_HOST.includes(check));
  const others = first.findings.filter(({ check }) => !OF_THE_HOST.includes(check));
  for (const one of others) problems.push(`a clean archive is said to have ${nameOf(one)}`);
  const strange = first.run.checks.filter(({ outcome }) => outcome === 'not-run');
  for (const { id, code } of strange) problems.push(`check ${id} did not run: ${code}`);
  for (const { id, severity } of own) {
    if (severity === 'low') continue;
    for (const who of ['compliance', 'auditor']) {
      const reason = '演示主机，未加密磁盘';
      await scene.post(who, `/audits/findings/${id}/accept`, { reason });
    }
  }
  const clean = await audit(scene);
  if (clean.run.outcome !== 'passed') {
    problems.push(`a clean archive does not pass: ${clean.open.map(nameOf).slice(0, 5)}`);
  }
  return own.length;
}

interface Audited {
  run: AuditRunDetail;
  findings: AuditFindingView[];
  /** Those that nobody accepted, but for the low ones of this machine. */
  open: AuditFindingView[];
}

async function audit(scene: Scene): Promise<Audited> {
  const { archive } = scene;
  const begun = await scene.post<AuditRunDetail>('compliance', '/audits', {});
  for (;;) {
    await sleep(150);
    const run = await archive.json<AuditRunDetail>('compliance', `/audits/${begun.id}`);
    if (run.endedAt === undefined) continue;
    const findings: AuditFindingView[] = [];
    for (let after = ''; ; ) {
      const path = `/audits/${run.id}/findings?limit=200${after === '' ? '' : `&after=${after}`}`;
      const page = await archive.json<AuditFindingsPage>('compliance', path);
      findings.push(...page.findings);
      if (page.next === undefined) break;
      after = page.next;
    }
    const open = findings.filter(({ state, severity, check }) => {
      return state === 'open' && !(severity === 'low' && OF_THE_HOST.includes(check));
    });
    return { run, findings, open };
  }
}

const nameOf = ({ check, code, subject, site }: AuditFindingView) =>
  `${check} ${code} ${subject.kind} ${subject.id}${site === undefined ? '' : ` at ${site}`}`;

const isOf = (found: AuditFindingView, { check, code, subject, site }: Expected) =>
  found.check === check &&
  found.code === code &&
  (subject === undefined || found.subject.id === subject) &&
  (site === undefined || found.site === site);

/** Plants, audits and undoes; resolves to how many findings were rightly there. */
async function judge(scene: Scene, plants: readonly Plant[], problems: string[]): Promise<number> {
  const planted: { name: string; expected: Expected[]; undo(): Promise<void> }[] = [];
  for (const { name, plant } of plants) {
    try {
      planted.push({ name, ...(await plant(scene)) });
    } catch (error) {
      problems.push(`${name}: could not be planted: ${(error as Error).message}`);
    }
  }
  const { run, open } = await audit(scene);
  for (const { name, undo } of planted.toReversed()) {
    await undo().catch((error: unknown) =>
      problems.push(`${name}: could not be undone: ${(error as Error).message}`),
    );
  }
  const wanted = planted.flatMap(({ name, expected }) => expected.map((one) => ({ name, one })));
  for (const { id, outcome, code } of run.checks) {
    if (outcome === 'not-run') problems.push(`${planted[0]?.name}: ${id} did not run: ${code}`);
  }
  for (const { name, one } of wanted) {
    if (open.some((found) => isOf(found, one))) continue;
    problems.push(`${name}: ${one.check} ${one.code} ${one.subject ?? ''} was not found`);
  }
  for (const found of open) {
    if (wanted.some(({ one }) => isOf(found, one))) continue;
    problems.push(`${planted.map(({ name }) => name)[0]} …: ${nameOf(found)} was found besides`);
  }
  return wanted.length;
}

/** Faults of one table or one record in each other's way are planted in different batches. */
function inBatches(plants: readonly Plant[]): Plant[][] {
  const count = Math.ceil(plants.length / AT_ONCE) * 2;
  const batches: Plant[][] = Array.from({ length: count }, () => []);
  for (const [at, plant] of plants.entries()) batches[at % count]?.push(plant);
  return batches;
}
