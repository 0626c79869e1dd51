import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DisposalView, KeysView, SitesView } from '@voxkeep/contract';
import { readSite } from '../oracle/read-sealed-object.ts';
import { superuserOf } from './access/catalog.ts';
import { Ceremonies, type Shares } from './erasure/ceremony.ts';
import { judgeCertificates } from './erasure/certificates.ts';
import { bundlesOf, copyAway, copyWhole, filesOf, openedBy, SITES } from './erasure/old-copies.ts';
import { guessed, indexKeysIn, type OldRow, oldRows, pairsOf } from './erasure/old-rows.ts';
import { recoverFromStale } from './erasure/recover-from-stale.ts';
import { Stage, until } from './erasure/stage.ts';
import { shortCall } from './recovery/short-calls.ts';
import { ask } from './retention/ask.ts';
import { DisposalRuns } from './retention/disposal-runs.ts';

/** Two of three are routine calls, whose time is over first. */
const CALLS = { full: 750, small: 18 };
const LATER_CALLS = 6;
const LATER = 900_000;
/** Over the year and the thirty days of routine calls, and under all else. */
const DAYS = 500;

/** What of a record that is gone is the proof about. */
interface Ended {
  rows: OldRow[];
  objects: ReadonlySet<string>;
}

/**
 * Calls that were disposed of, against the oldest full copy of every site and of the catalog, with every share of
 * today's root once the epoch has ended: none opens, none is guessed at, every neighbour opens, and a site
 * that is put back as it was brings nothing back. `--small` for every day.
 */
export async function proveErasure(say: (line: string) => void): Promise<string[]> {
  const count = CALLS[process.argv.includes('--small') ? 'small' : 'full'];
  const problems: string[] = [];
  const stage = await Stage.set();
  const { archive, clock } = stage;
  const old = join(archive.folder, 'old');
  try {
    const ids = await stage.take(numbersOf(count));
    await stage.goAhead(DAYS);
    for (const [n, id] of await stage.take(laterNumbers())) ids.set(n, id);
    say(`${ids.size} calls archived, ${DAYS} days apart`);
    await everywhere(stage);
    const ceremonies = new Ceremonies(archive, clock);
    const first = await ceremonies.share();
    await bundlePlaced(stage, first);
    const sql = await superuserOf(archive);
    const rows = await oldRows(sql).finally(() => sql.end());
    await stage.restart(() => copyAway(archive, old));
    say('every site, the catalog and the key folder copied away');

    const runs = new DisposalRuns(stage.staff);
    const due = rows.filter(({ tier, id }) => tier === 'basic' && numberOf(ids, id) < LATER);
    const disposed = await runs.disposeAll();
    if (disposed !== due.length || disposed !== (count * 2) / 3) {
      problems.push(`${disposed} records went, ${due.length} of ${count} are due`);
    }
    const ended: Ended = { rows: due, objects: new Set(due.flatMap(({ objects }) => objects)) };
    const living = rows.filter((row) => !due.includes(row));
    for (const { id } of due) await unreadable(stage, id);
    await answers(stage, ended, living, problems);
    const sitesNow = join(archive.data, 'sites');
    const left = filesOf(ended.objects, sitesNow);
    if (left.length > 0) problems.push(`${left.length} files of ended records are at the sites`);
    say(`${disposed} records disposed of by signed runs, unreadable at every site`);

    const second = await endEpoch(stage, ceremonies, first);
    for (const { id } of due) {
      const view = await ask<DisposalView>(stage.staff.officer, 'GET', `/records/${id}/disposal`);
      if (view.beyondOldCopiesAt === undefined) problems.push(`${id} is not beyond old copies`);
    }
    const certificates = await judgeCertificates(stage, due, problems);
    say('the epoch ended, its end attested by every holder');
    const tried = await judgeOldCopies({ stage, ceremonies, second, old }, ended, problems);
    judgeNeighbours(stage, living, join(archive.folder, 'today'), problems);
    await rejoin({ stage, old }, ended, living, problems);
    say('a site put back as it was brings nothing back');
    const recovered = await recoverFromStale({ stage, old }, ended, living, problems);
    if (problems.length === 0) {
      say(
        `prove erasure: OK ${disposed} records disposed of, ${tried.envelopes} old envelopes tried with every share of today's root, none opened (${tried.openedThen} did with the keys of then); ` +
          `${tried.words} words and numbers tried on old tokens, none told (${tried.toldThen} were with the keys of then); ` +
          `${living.length} neighbours open; a stale site rejoined and ${recovered} records recovered from it, nothing back; ${certificates}`,
      );
    }
  } finally {
    await archive.stop();
    archive.remove();
  }
  return problems;
}

/**
 * Of no sensitive call: its original waits for a day by the archive's clock, which is years behind the queue's, so that
 * it would be looked at again and again.
 */
const numbersOf = (count: number, from = 0) =>
  Array.from({ length: (count * 4) / 3 }, (_, at) => from + at).filter((n) => n % 4 !== 3);
const laterNumbers = () => numbersOf(LATER_CALLS, LATER);

function numberOf(ids: ReadonlyMap<number, string>, id: string): number {
  for (const [n, one] of ids) if (one === id) return n;
  throw new Error(`${id} is no call of the proof`);
}

/** Every copy is made, and every envelope is in the epoch of now. */
async function everywhere(stage: Stage): Promise<void> {
  // Routine calls are copied in the night.
  await stage.goAhead(1);
  await until(async () => {
    const { sites } = await ask<SitesView>(stage.operator, 'GET', '/sites');
    return sites.every(({ pendingCopies }) => pendingCopies === 0);
  }, 'copying');
  await rewrapped(stage);
}

const rewrapped = (stage: Stage) =>
  until(async () => {
    const { due } = await stage.keys<KeysView>('GET');
    return !due.includes('rewrap');
  }, 'the walk into the new epoch');

async function bundlePlaced(stage: Stage, { setId }: Shares): Promise<void> {
  await until(async () => {
    // Has it looked after at once.
    await stage.keys('POST', '/rotate', { pool: 'quarantine' });
    const { escrow } = await stage.keys<KeysView>('GET');
    return escrow?.setId === setId && escrow.sites.every(({ asOf }) => asOf !== undefined);
  }, 'placing the bundle');
}

async function unreadable(stage: Stage, id: string): Promise<void> {
  await until(async () => {
    const path = `/records/${id}/disposal`;
    const view = await ask<DisposalView>(stage.staff.officer, 'GET', path);
    return view.unreadableAt !== undefined;
  }, `the end of ${id} at the sites`);
}

async function answers(
  stage: Stage,
  { rows }: Ended,
  living: readonly OldRow[],
  problems: string[],
): Promise<void> {
  const { client } = stage.qa;
  await ask(stage.qa, 'GET', '/records');
  for (const { id } of rows) {
    const { status } = await client.get(`/records/${id}/transcript`);
    if (status !== 410) problems.push(`the ended record ${id} is answered ${status}`);
  }
  for (const { id } of living) {
    const { status } = await client.get(`/records/${id}/transcript`);
    if (status !== 200) problems.push(`the neighbour ${id} is answered ${status}`);
  }
}

/** A new epoch, all that lives in it, the older ones destroyed, new shares, and word of the old ones. */
async function endEpoch(stage: Stage, ceremonies: Ceremonies, first: Shares): Promise<Shares> {
  await stage.keys('POST', '/rotate', {});
  await rewrapped(stage);
  await stage.restart();
  await stage.keys('POST', '/rotate/finish', {});
  const second = await ceremonies.share();
  await bundlePlaced(stage, second);
  for (let share = 1; share <= first.files.length; share += 1) {
    await stage.keys('POST', '/attestations', { setId: first.setId, share });
  }
  await until(async () => {
    const { destroyed } = await stage.keys<KeysView>('POST', '/attestations', {
      ...{ setId: first.setId, share: 1 },
    });
    return destroyed.length > 0 && destroyed.every(({ goneAt }) => goneAt !== undefined);
  }, 'the end of the epoch everywhere');
  return second;
}

async function judgeOldCopies(
  parts: { stage: Stage; ceremonies: Ceremonies; second: Shares; old: string },
  { rows, objects }: Ended,
  problems: string[],
): Promise<{ envelopes: number; openedThen: number; words: number; toldThen: number }> {
  const { stage, ceremonies, second, old } = parts;
  const { archive } = stage;
  const oldSites = join(old, 'sites');
  for (const [at, bundle] of bundlesOf(oldSites).entries()) {
    const to = join(archive.folder, `from-old-${at}`);
    if (await ceremonies.restore(second, bundle, to))
      problems.push(`today's shares open ${bundle}`);
  }
  const today = join(archive.folder, 'today');
  const bundle = join(archive.data, 'sites/branch/journal/escrow', second.setId);
  if (!(await ceremonies.restore(second, bundle, today))) {
    throw new Error('the shares of today do not open the bundle of today');
  }
  const now = openedBy(today, objects, oldSites);
  const then = openedBy(join(old, 'keys'), objects, oldSites);
  if (now.opened > 0) problems.push(`${now.opened} old envelopes open with today's keys`);
  // What shows that the copy was whole: quarantine's keys of past days had ended by then.
  if (then.opened < rows.length * 3) {
    problems.push(
      `only ${then.opened} of ${then.tried} old envelopes opened with the keys of then`,
    );
  }
  const [keysNow, keysThen] = [indexKeysIn(today), indexKeysIn(join(old, 'keys'))];
  const names = new Set(keysNow.map(({ key }) => key.toString('hex')));
  if (keysThen.some(({ key }) => names.has(key.toString('hex')))) {
    problems.push('a key of the index is still the one of then');
  }
  let [words, told, toldThen] = [0, 0, 0];
  for (const row of rows) {
    const known = saidIn(shortCall(0), row, keysThen);
    words += known.words.length + 1;
    told += guessed(row, known, keysNow);
    toldThen += guessed(row, known, keysThen);
  }
  if (told > 0) problems.push(`${told} words or numbers are told by today's keys of the index`);
  if (toldThen < rows.length * 4) problems.push(`the keys of then tell ${toldThen} only`);
  return { envelopes: now.tried, openedThen: then.opened, words, toldThen };
}

/** All routine calls of the proof say the same; whose number it was is tried among all that there are. */
function saidIn(
  call: ReturnType<typeof shortCall>,
  row: OldRow,
  keys: Parameters<typeof guessed>[2],
): { phone: string; words: string[] } {
  const { turns } = JSON.parse(call.transcript.toString()) as { turns: { text: string }[] };
  const words = pairsOf(turns.map(({ text }) => text));
  for (let n = 0; n < 2 * CALLS.full; n += 1) {
    const phone = `1380000${String(n).padStart(4, '0')}`;
    if (guessed(row, { phone, words: [] }, keys) > 0) return { phone, words };
  }
  throw new Error(`the keys of then do not tell the number of ${row.id}`);
}

/** With a reader that shares no line with the archive, and the keys that today's shares gave. */
function judgeNeighbours(
  { archive }: Stage,
  living: readonly OldRow[],
  keyFolder: string,
  problems: string[],
): void {
  const opened = new Set<string>();
  for (const object of readSite(join(archive.data, 'sites/branch'), keyFolder)) {
    if (object.purpose !== 'redacted-transcript') continue;
    object.open(readFileSync(object.path));
    opened.add(object.recordId);
  }
  const closed = living.filter(({ id }) => !opened.has(id));
  if (closed.length > 0) problems.push(`${closed.length} neighbours do not open: ${closed[0]?.id}`);
}

/** The cloud comes back as it was before the disposals. */
async function rejoin(
  { stage, old }: { stage: Stage; old: string },
  ended: Ended,
  living: readonly OldRow[],
  problems: string[],
): Promise<void> {
  const sites = join(stage.archive.data, 'sites');
  const cloud = join(sites, 'cloud');
  await stage.restart(() => {
    renameSync(cloud, `${cloud}.now`);
    copyWhole(join(old, 'sites/cloud'), cloud);
    if (filesOf(ended.objects, cloud).length === 0) throw new Error('the old cloud has nothing');
  });
  await until(async () => filesOf(ended.objects, cloud).length === 0, 'settling the stale site');
  for (const site of SITES) {
    // The second is taken once the first has ended.
    for (const kind of ['deep', 'light'] as const) {
      await until(async () => {
        const path = `/sites/${site}/scrub`;
        const { status } = await stage.operator.client.post(path, { kind });
        return status === 202;
      }, `the ${kind} walk over ${site}`);
    }
  }
  await answers(stage, ended, living, problems);
  const back = filesOf(ended.objects, sites).filter((path) => !path.includes('cloud.now'));
  if (back.length > 0) problems.push(`${back.length} files came back: ${back[0]}`);
  rmSync(`${cloud}.now`, { recursive: true });
}
