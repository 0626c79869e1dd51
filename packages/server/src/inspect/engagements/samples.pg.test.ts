import { createHash } from 'node:crypto';
import { parseSampleProof, SampleError, verifySample } from '@voxkeep/proof';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rootOfFirst } from '../../ledger/index.ts';
import {
  codeOf,
  type EngagementScene,
  engagementScene,
  HOUSE_AUDITOR,
  LI,
  LOG,
  NONCE,
  SAMPLE,
} from './engagement-scene.testing.ts';
import {
  askSample,
  closeEngagement,
  drawSample,
  giveUpSample,
  listSamples,
  type Party,
  populationLines,
  proveSample,
  showSample,
  viewSample,
} from './index.ts';

let scene: EngagementScene;
/** Of February and March, basic and core: what a sample is drawn from. */
let reached: string[];
beforeAll(async () => {
  scene = await engagementScene();
  const tiers = Array.from({ length: 60 }, (_, at) =>
    at % 3 === 2 ? 'sensitive' : at % 3 === 1 ? 'core' : 'basic',
  );
  const ids = await scene.calls(tiers);
  // Ids grow with the day of the call: the last one of March is the 59th.
  reached = ids.filter((_, at) => at % 3 !== 2 && at < 59);
});
afterAll(() => scene.close());

const sha256 = (hex: string) => createHash('sha256').update(Buffer.from(hex, 'hex')).digest('hex');

/** The draw by the words of docs/FORMAT.md, with nothing of the archive's. */
function redrawn(seed: string, ids: readonly string[], size: number): string[] {
  const drawn: number[] = [];
  for (let block = 0; drawn.length < size; block += 1) {
    const x = BigInt(`0x${sha256(seed + block.toString(16).padStart(16, '0')).slice(0, 16)}`);
    const count = BigInt(ids.length);
    if (x >= 18446744073709551616n - (18446744073709551616n % count)) continue;
    const position = Number(x % count);
    if (!drawn.includes(position)) drawn.push(position);
  }
  return drawn.map((position) => ids[position] ?? '');
}

async function inForce(name: string): Promise<{ engagementId: string; auditor: Party }> {
  const engagementId = await scene.engaged();
  return { engagementId, auditor: await scene.auditor(engagementId, name) };
}

async function drawn(name: string) {
  const { engagementId, auditor } = await inForce(name);
  const sampleId = await askSample(scene.deps, engagementId, SAMPLE, auditor);
  const one = { engagementId, sampleId };
  await drawSample(scene.deps, one, NONCE, auditor);
  return { one, auditor };
}

async function linesOf(lines: AsyncIterable<string>): Promise<string[]> {
  let text = '';
  for await (const part of lines) text += part;
  return text.split('\n').filter((line) => line !== '');
}

test('what was asked, from what, and the commitment stand in the ledger before the nonce is told', async () => {
  const { deps, database } = scene;
  const { engagementId, auditor } = await inForce('first');
  const sampleId = await askSample(deps, engagementId, SAMPLE, auditor);
  const { asked, population, state } = await viewSample(deps, { engagementId, sampleId });
  const entry = await database.db
    .selectFrom('ledger_entry')
    .select(['index', 'detail'])
    .where('resource', '=', sampleId)
    .executeTakeFirstOrThrow();
  expect([state, population.count, asked?.entry]).toEqual([
    ...['asked', reached.length, Number(entry.index)],
  ]);
  expect(entry.detail).toMatchObject({
    ...{ engagement: engagementId, number: 1, size: 5, count: reached.length, tiers: 'basic+core' },
    ...{ population: `d${population.root}`, commitment: `d${SAMPLE.commitment}` },
  });
  const root = await rootOfFirst(database.db, Number(entry.index) + 1);
  expect(asked).toMatchObject({ treeSize: Number(entry.index) + 1, root: root.toString('base64') });
});

test('the seed is of the nonce and the first tree that holds the request, and anybody draws the same', async () => {
  const { deps } = scene;
  const { one } = await drawn('drawing');
  const { seed = '', asked, records, population } = await showSample(deps, one, LI);
  const root = Buffer.from(asked?.root ?? '', 'base64').toString('hex');
  expect(seed).toBe(sha256(NONCE + root));
  const ids = await linesOf(await populationLines(deps, one, LI));
  expect(ids).toEqual(reached);
  expect([ids.length, records.length]).toEqual([population.count, 5]);
  expect(records.map(({ recordId }) => recordId)).toEqual(redrawn(seed, ids, 5));
});

test('another nonce than the one that was committed to draws nothing, and none draws twice', async () => {
  const { deps } = scene;
  const { engagementId, auditor } = await inForce('nonce');
  const sampleId = await askSample(deps, engagementId, SAMPLE, auditor);
  const one = { engagementId, sampleId };
  const draw = (nonce: string, party = auditor) => codeOf(drawSample(deps, one, nonce, party));
  expect(await draw('a'.repeat(64))).toBe('SAMPLE_NONCE_WRONG');
  expect(await draw(NONCE, HOUSE_AUDITOR)).toBe('ENGAGEMENT_OTHER');
  expect(await draw(NONCE)).toBe('done');
  expect(await draw(NONCE)).toBe('SAMPLE_STATE');
});

test('one sample waits at a time, and one that is given up leaves its number behind', async () => {
  const { deps } = scene;
  const { engagementId, auditor } = await inForce('giving-up');
  const ask = () => askSample(deps, engagementId, SAMPLE, auditor);
  const first = { engagementId, sampleId: await ask() };
  expect(await codeOf(ask())).toBe('SAMPLE_WAITS');
  await giveUpSample(deps, first, auditor);
  expect(await codeOf(drawSample(deps, first, NONCE, auditor))).toBe('SAMPLE_STATE');
  await ask();
  const { samples } = await listSamples(deps, engagementId, LI);
  expect(samples.map(({ number, state }) => [number, state])).toEqual([
    ...[
      [2, 'asked'],
      [1, 'given_up'],
    ],
  ]);
});

test('calls that come, go or change their tier after the request change nothing of what is drawn from', async () => {
  const { deps, database } = scene;
  const { engagementId, auditor } = await inForce('fixed');
  const sampleId = await askSample(deps, engagementId, SAMPLE, auditor);
  const one = { engagementId, sampleId };
  const [gone = ''] = reached;
  const row = await database.db
    .deleteFrom('call')
    .where('id', '=', gone)
    .returningAll()
    .executeTakeFirstOrThrow();
  try {
    await drawSample(deps, one, NONCE, auditor);
    expect(await linesOf(await populationLines(deps, one, LI))).toEqual(reached);
  } finally {
    await database.db.insertInto('call').values(row).execute();
  }
});

test('a sample is of what the engagement looks at, and no larger than what there is', async () => {
  const { deps } = scene;
  const { engagementId, auditor } = await inForce('scope');
  const ask = (more: Partial<typeof SAMPLE>) =>
    codeOf(askSample(deps, engagementId, { ...SAMPLE, ...more }, auditor));
  const calls = (more: object) => ({ calls: { ...SAMPLE.calls, ...more } });
  expect(await ask(calls({ from: '2025-12-31' }))).toBe('ENGAGEMENT_SCOPE');
  expect(await ask(calls({ to: '2026-07-01' }))).toBe('ENGAGEMENT_SCOPE');
  expect(await ask(calls({ tiers: ['sensitive'] }))).toBe('ENGAGEMENT_SCOPE');
  expect(await ask({ size: reached.length + 1 })).toBe('SAMPLE_POPULATION_EMPTY');
  expect(await ask(calls({ from: '2026-06-01', to: '2026-06-30' }))).toBe(
    'SAMPLE_POPULATION_EMPTY',
  );
  await closeEngagement(deps, engagementId, '项目结束', LI);
  expect(await ask({})).toBe('ENGAGEMENT_STATE');
});

test('the proof of a sample holds offline, names manifest and term of each call, and nobody', async () => {
  const { deps } = scene;
  const { one, auditor } = await drawn('proving');
  const text = await proveSample(deps, one, auditor);
  const { statement, askedBy } = verifySample(text, { vkey: LOG.vkey });
  const { records } = await viewSample(deps, one);
  expect(statement.records.map(({ recordId }) => recordId)).toEqual(
    records.map(({ recordId }) => recordId),
  );
  expect(askedBy).toBe(auditor.actor.id);
  for (const { recordId, manifest, retention, entries } of statement.records) {
    expect(manifest?.sha256).toBe(createHash('sha256').update(recordId).digest('hex'));
    expect([retention?.keepUntil, entries.length]).toEqual(['2029-02-01', 2]);
  }
  for (const word of ['13800007315', '套餐', 'u-service', '华信']) expect(text).not.toContain(word);
  const again = await proveSample(deps, one, LI);
  expect(parseSampleProof(again).statement).toEqual(statement);
});

test('a proof in which one bit is another one is refused', async () => {
  const { one, auditor } = await drawn('bending');
  const good = Buffer.from(await proveSample(scene.deps, one, auditor));
  for (let at = 11; at < good.length; at += 1_009) {
    const bent = Buffer.from(good);
    bent[at] = (bent[at] ?? 0) ^ (1 << (at % 7));
    expect(() => verifySample(bent.toString('utf8'), { vkey: LOG.vkey })).toThrow(SampleError);
  }
});

test('a sample that is not drawn has no proof', async () => {
  const { deps } = scene;
  const { engagementId, auditor } = await inForce('undrawn');
  const sampleId = await askSample(deps, engagementId, SAMPLE, auditor);
  const one = { engagementId, sampleId };
  expect(await codeOf(proveSample(deps, one, auditor))).toBe('SAMPLE_STATE');
  const other = { ...one, engagementId: await scene.engaged() };
  expect(await codeOf(proveSample(deps, other, LI))).toBe('SAMPLE_UNKNOWN');
});
