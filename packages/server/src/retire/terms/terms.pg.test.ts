import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RetentionPreview } from '@voxkeep/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAccount } from '../../access/index.ts';
import { testSeals } from '../../access/seals.testing.ts';
import type { AuditEntry } from '../../core/audit.ts';
import { fixedClock } from '../../core/clock.ts';
import { newRecordId } from '../../core/ids.ts';
import { createNotices } from '../../notices/index.ts';
import { testDatabase } from '../../platform/postgres/test-database.testing.ts';
import { loadProfiles } from '../retention.ts';
import { applyRules, preview } from './apply-rules.ts';
import { explainTerm } from './explain-term.ts';
import { giveTerm } from './give-term.ts';
import { daysOf } from './record-cases.ts';
import { remindReviews } from './remind-reviews.ts';
import { holdRules, keepRules, retentionRules } from './rules-in-force.ts';
import { tellAnchor } from './tell-anchor.ts';
import { tellOne } from './tell-one.ts';
import { changeOf } from './term-change.ts';
import { rulesText, viewRules } from './view-rules.ts';
import { walkTerms } from './walk-terms.ts';

const CONFIG = resolve(import.meta.dirname, '../../../../../config/retention.yaml');
const SHIPPED = readFileSync(CONFIG, 'utf8');
const LONGER = SHIPPED.replace('keep: { years: 1 }', 'keep: { years: 2 }');
const SHORTER = SHIPPED.replace(
  'tier: [core] }\n    keep: { years: 5 }',
  'tier: [core] }\n    keep: { years: 4 }',
);
/** Longer, shorter, open, closed, sooner and later, all at once. */
const MIXED = LONGER.replace(
  'tier: [core] }\n    keep: { years: 5 }',
  'tier: [core] }\n    keep: { years: 4 }',
)
  .replace('    from: contract_end\n', '')
  .replace('atMost: { years: 3 }', 'atMost: { years: 6 }')
  .replace('industry: [telecom] }', 'industry: [telecom] }\n    from: contract_end')
  .replace(
    '    verified: product-default',
    '    verified: product-default\n    disposal: { after: { years: 1 }, how: anonymise }',
  );

const clock = fixedClock('2026-11-20T01:00:00Z');
const KINDS = [
  ...([['basic'], ['core'], ['sensitive'], ['basic', 'insurance']] as const),
  ...([
    ['basic', 'telecom'],
    ['core', 'finance', 'aml_identity'],
  ] as const),
  ...([['basic', 'insurance', 'insurance_short']] as const),
] as const;

let database: Awaited<ReturnType<typeof testDatabase>>;
let entries: AuditEntry[];

beforeEach(async () => {
  clock.set('2026-11-20T01:00:00Z');
  database = await testDatabase();
  entries = [];
});
afterEach(() => database.close());

const audit = {
  append: async (_tx: unknown, entry: AuditEntry) => {
    entries.push(entry);
    return { outboxId: String(entries.length) };
  },
  settle: async () => ({ index: 0 }),
};
const deps = () => ({
  ...{ db: database.db, clock, audit, timeZone: 'Asia/Shanghai' },
  rules: retentionRules(loadProfiles(SHIPPED)),
});
const rulesInForce = (rules = SHIPPED) =>
  database.db
    .transaction()
    .execute((tx) => keepRules(tx, { rules, actorId: 'archive', at: clock.now() }));

async function records(
  n: number,
  kinds: readonly (readonly [string, string?, string?])[] = KINDS,
  state = 'archived',
): Promise<string[]> {
  const rows = Array.from({ length: n }, (_, at) => {
    const [tier, industry, businessType] = kinds[at % kinds.length] ?? ['basic'];
    const startedAt = new Date(clock.now().getTime() - (at % 400) * 86_400_000);
    return {
      ...{ id: newRecordId(), state, source_system: 'test', media_bytes: '1', tier },
      ...{ idempotency_key: Buffer.alloc(1), media_digest: Buffer.alloc(1) },
      ...{ started_at: startedAt, received_at: startedAt },
      archived_at: state === 'archived' ? startedAt : null,
      facts: JSON.stringify({ classification: { tier, industry, businessType } }),
    };
  });
  await database.db.insertInto('record').values(rows).execute();
  return rows.map(({ id }) => id);
}
const terms = () =>
  database.db.selectFrom('record_term').selectAll().orderBy('record_id').execute();
const ask = (
  rules: string,
  digest: string,
  who: string,
  more: { person?: string; shorter?: boolean } = {},
) =>
  applyRules(deps(), {
    ...{ rules, digest, acceptShorter: more.shorter ?? true, requestId: 'r' },
    ...{ actor: { id: who, role: 'compliance' }, person: more.person ?? who },
  });
const inForce = async () => (await viewRules(deps())).inForce.number;

test('a walk gives every archived record its term, and none to those on their way', async () => {
  const [first] = await records(30);
  const [onItsWay] = await records(1, [['basic']], 'sealed');
  await rulesInForce();
  expect(await walkTerms(deps())).toBe(true);
  const given = await terms();
  expect(given).toHaveLength(30);
  expect(given.map((one) => one.record_id)).not.toContain(onItsWay);
  const basic = given.find((one) => one.record_id === first);
  expect(basic).toMatchObject({ rules: 1, rule: 'tier-basic', keep_until: '2027-11-20' });
  expect(entries).toMatchObject([
    { action: 'retention.change', resource: 'rules-1', actor: { id: 'archive' } },
  ]);
  expect(await viewRules(deps())).toMatchObject({ walk: { given: 30, of: 30 } });
  await walkTerms(deps());
  expect(entries).toHaveLength(1);
});

test('a preview counts exactly the records whose days the walk then changes, and how', async () => {
  await records(60);
  await rulesInForce();
  await walkTerms(deps());
  const seen = new Set<string>();
  for (const rules of [MIXED, SHIPPED, LONGER, SHORTER]) {
    const found = await preview(database.db, rules);
    const before = new Map((await terms()).map((row) => [row.record_id, row]));
    await ask(rules, found.digest, 'first');
    await ask(rules, found.digest, 'second').catch(() => 'done');
    await walkTerms(deps());
    const counts: RetentionPreview['counts'] = {
      ...{ longer: 0, shorter: 0, opens: 0, closes: 0, sooner: 0, later: 0 },
    };
    const changed = new Map<string, string>();
    for (const row of await terms()) {
      const was = before.get(row.record_id);
      const change = was && changeOf(daysOf(was), daysOf(row));
      if (change === undefined) continue;
      counts[change] += 1;
      changed.set(row.record_id, change);
    }
    expect(found.counts).toEqual(counts);
    expect(found.records).toBe(60);
    for (const { change, records: n, examples } of found.lines) {
      expect(examples).toHaveLength(Math.min(n, 20));
      for (const { recordId } of examples) expect(changed.get(recordId)).toBe(change);
    }
    for (const change of changed.values()) seen.add(change);
  }
  expect(seen.size).toBe(6);
});

test('nothing is kept shorter before it was said that this is meant, and by two people', async () => {
  await records(14);
  await rulesInForce();
  await walkTerms(deps());
  const before = await terms();
  const { digest, counts } = await preview(database.db, SHORTER);
  expect(counts).toMatchObject({ shorter: 2, longer: 0 });
  await expect(ask(SHORTER, digest, 'a', { shorter: false })).rejects.toMatchObject({
    ...{ code: 'RETENTION_SHORTENS', message: expect.stringContaining('2 records') },
  });
  expect(await ask(SHORTER, digest, 'a')).toBe('awaits-second-person');
  // The same person again, by another account too, and the same account by another number.
  expect(await ask(SHORTER, digest, 'a')).toBe('awaits-second-person');
  expect(await ask(SHORTER, digest, 'b', { person: 'a' })).toBe('awaits-second-person');
  expect(await ask(SHORTER, digest, 'b', { person: 'c' })).toBe('awaits-second-person');
  expect([await inForce(), await terms()]).toEqual([1, before]);
  // A word that is a week old is none any more.
  clock.set(new Date(clock.now().getTime() + 7 * 86_400_000));
  expect((await viewRules(deps())).waiting).toBeUndefined();
  expect(await ask(SHORTER, digest, 'd')).toBe('awaits-second-person');
  expect((await viewRules(deps())).waiting).toMatchObject({ digest, actorId: 'd' });
  expect(await ask(SHORTER, digest, 'e')).toBe('done');
  expect(await inForce()).toBe(2);
  expect(entries.at(-1)).toMatchObject({
    ...{ action: 'retention.change', resource: 'rules-2', actor: { id: 'e' } },
    detail: { state: 'done', shorter: 2 },
  });
  expect(await rulesText(database.db, 1)).toMatchObject({ number: 1, rules: SHIPPED });
  await expect(rulesText(database.db, 9)).rejects.toMatchObject({
    code: 'RETENTION_RULES_UNKNOWN',
  });
});

test('rules that only keep longer take one person; a preview that is stale is refused', async () => {
  await records(3, [['basic']]);
  await rulesInForce();
  await expect(preview(database.db, LONGER)).rejects.toMatchObject({ code: 'RETENTION_WALKING' });
  await walkTerms(deps());
  await expect(preview(database.db, 'version: 1')).rejects.toMatchObject({
    code: 'RETENTION_PROFILES_INVALID',
  });
  const seen = await preview(database.db, SHORTER);
  expect(seen.lines).toEqual([]);
  // A core call comes: what it changes was not shown.
  const [core] = await records(1, [['core']]);
  await database.db.transaction().execute((tx) => giveTerm(deps(), tx, core ?? ''));
  const late = ask(SHORTER, seen.digest, 'a');
  await expect(late).rejects.toMatchObject({ code: 'RETENTION_STALE', field: 'body/digest' });
  const { digest } = await preview(database.db, LONGER);
  // More of what was shown is no other preview.
  const [more] = await records(1, [['basic']]);
  await database.db.transaction().execute((tx) => giveTerm(deps(), tx, more ?? ''));
  expect(await ask(LONGER, digest, 'a', { shorter: false })).toBe('done');
  await expect(ask(LONGER, digest, 'a')).rejects.toMatchObject({ code: 'RETENTION_WALKING' });
  await walkTerms(deps());
  await expect(ask(LONGER, digest, 'a')).rejects.toMatchObject({ code: 'RETENTION_UNCHANGED' });
});

test('a walk that is cut goes on where it was', async () => {
  await records(1_100, [['basic'], ['core']]);
  await rulesInForce();
  const cut = new AbortController();
  const cutting = {
    now() {
      cut.abort();
      return clock.now();
    },
  };
  expect(await walkTerms({ ...deps(), clock: cutting }, cut.signal)).toBe(false);
  expect(await terms()).toHaveLength(500);
  expect(await viewRules(deps())).toMatchObject({ walk: { given: 500, of: 1_100 } });
  expect(await walkTerms(deps())).toBe(true);
  expect(await terms()).toHaveLength(1_100);
});

test('a term that is given while other rules come into force is by those', async () => {
  const [id = ''] = await records(1, [['basic']]);
  await rulesInForce();
  let giving: Promise<unknown> | undefined;
  await database.db.transaction().execute(async (tx) => {
    await holdRules(tx);
    giving = database.db.transaction().execute((other) => giveTerm(deps(), other, id));
    await new Promise((done) => setTimeout(done, 100));
    await keepRules(tx, { rules: LONGER, actorId: 'a', at: clock.now() });
  });
  await giving;
  expect(await terms()).toMatchObject([{ rules: 2, keep_until: '2028-11-20' }]);
});

test('a day that is told closes an open end, and is explained; the ledger has both', async () => {
  const [id = ''] = await records(1, [['basic', 'insurance', 'insurance_short']]);
  await rulesInForce();
  expect(await explainTerm(deps(), id)).toMatchObject({ given: false, openEnded: true });
  await walkTerms(deps());
  expect(await explainTerm(deps(), id)).toMatchObject({
    ...{ given: true, openEnded: true, waitsFor: ['contract_end'], rule: 'insurance-short' },
    ...{
      rules: 1,
      holds: 0,
      restricted: [],
      anchors: [],
      source: expect.stringContaining('保险法'),
    },
  });
  const by = { actor: { id: 'officer', role: 'compliance' }, requestId: 'r' };
  await tellOne(deps(), id, { ...by, anchor: 'contract_end', day: '2027-03-01' });
  expect(await explainTerm(deps(), id)).toMatchObject({
    ...{ openEnded: false, keepUntil: '2032-03-01', waitsFor: [] },
    anchors: [{ anchor: 'contract_end', day: '2027-03-01', toldBy: 'officer' }],
  });
  expect(entries.at(-1)).toMatchObject({
    ...{ action: 'retention.change', resource: id },
    detail: { anchor: 'contract_end', wasOpenEnded: true, openEnded: false },
  });
  // Kept longer: copies that are locked have to be locked for longer.
  expect(await database.db.selectFrom('pending_lock').select('record_id').execute()).toEqual([
    { record_id: id },
  ]);
  const tell = (recordId: string, day: string) =>
    database.db
      .transaction()
      .execute((tx) => tellAnchor(deps(), tx, recordId, 'contract_end', day, 'x'));
  await expect(tell(id, '2027-02-30')).rejects.toMatchObject({ code: 'RETENTION_DAY_INVALID' });
  const unknown = tell(newRecordId(), '2027-02-01');
  await expect(unknown).rejects.toMatchObject({ code: 'RECORD_UNKNOWN' });
  await database.db.updateTable('record').set({ state: 'disposed' }).execute();
  await expect(tell(id, '2027-02-01')).rejects.toMatchObject({ code: 'RECORD_DISPOSED' });
});

test('compliance is told once of a profile that has to be read again, and anew by other rules', async () => {
  const { db } = database;
  const named = {
    username: 'officer',
    displayName: 'O',
    role: 'compliance',
    personId: 'p-1',
  } as const;
  await createAccount(
    { db, clock, seals: testSeals() },
    { ...named, password: 'correct horse battery' },
  );
  await rulesInForce();
  const remind = () => remindReviews({ ...deps(), notices: createNotices({ clock }) });
  const told = () =>
    db.selectFrom('notice').select('resource').where('kind', '=', 'retention.review').execute();
  await remind();
  expect(await told()).toEqual([]);
  clock.set('2027-06-30T01:00:00Z');
  await remind();
  const n = (await told()).length;
  expect(await told()).toContainEqual({ resource: 'suitability' });
  await remind();
  expect(await told()).toHaveLength(n);
  await rulesInForce(LONGER);
  await remind();
  expect(await told()).toHaveLength(2 * n);
});
