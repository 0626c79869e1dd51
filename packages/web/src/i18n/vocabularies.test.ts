import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue as en } from './en/index.ts';
import { catalogue as zhCN } from './zh-cn/index.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const SERVER = join(ROOT, 'packages/server/src');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** Rooms whose codes stop a record on its way, or a call at the drop folder. */
const ON_THE_WAY = [
  ...['pipeline', 'probe', 'transcribe', 'redact', 'place', 'intake', 'connect'],
  ...['platform/media'],
];
/** Codes that nobody reads on a page: why the archive does not start, what is told to its terminal. */
const OF_THE_TERMINAL = new Set([
  ...['CONFIG_INVALID', 'CONFIG_UNREADABLE', 'CLASSIFICATION_RULES_INVALID'],
  ...['KEYS_INSIDE_DATA', 'KEYS_EXIST'],
  ...['KEYS_WRONG_ARCHIVE', 'KEYS_UNSAFE_MODE', 'KEYS_LOCKED', 'FORMAT_NEWER', 'DATA_UNWRITABLE'],
  ...['ARCHIVE_IN_USE', 'PORT_IN_USE', 'PORT_REFUSED', 'HOST_UNKNOWN'],
  'POSTGRES_REFUSES_ROOT',
  ...['POSTGRES_UNREACHABLE', 'POSTGRES_TOO_OLD', 'POSTGRES_ENCODING'],
  ...['MIGRATION_CHANGED', 'MIGRATION_FAILED'],
  ...['SHARE_UNREADABLE', 'SHARE_MISTYPED', 'SHARE_WRONG', 'SHARES_DIFFER', 'SHARES_REPEATED'],
  ...['SHARES_TOO_FEW', 'SHARES_OTHER_BUNDLE', 'SHARES_TOGETHER', 'BUNDLE_DAMAGED'],
  ...['ESCROW_SCHEME', 'ESCROW_DAMAGED', 'KEYS_OTHER_OWNER', 'FILE_UNREADABLE', 'CEREMONY_STOPPED'],
]);
/** Faults of the program: whoever asked is answered INTERNAL. */
const INSIDE = new Set(['LEDGER_ENTRY_INVALID', 'LOG_TILE_BAD', 'NOTICE_INVALID']);
/** Names in capitals that are no code of ours. */
const FOREIGN =
  /^(?:FST_|ERR_|VOXKEEP_|WHEN_REQUIRED$|INVALID_PASSWORD$|DATABASE_URL_FILE$|PG_VERSION$)/;
/** Codes of one word, which are not told from other words in the sources. */
const ONE_WORD = ['FORBIDDEN', 'INTERNAL'];
/** Where the codes stand that are answered with a status. */
const STATUS_TABLES = {
  problem: 'serve/problem.ts',
  access: 'access/access-error.ts',
  requests: 'access/requests/request-error.ts',
};
/** Answers to one's own request; none of them stops a record on its way. */
const OF_A_REQUEST = new Set(['RECORD_NOT_RESUMABLE', 'RECORD_NOT_READY', 'TIER_UNCHANGED']);

function codesIn(rooms: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const room of rooms) {
    for (const name of readdirSync(join(SERVER, room), { recursive: true, encoding: 'utf8' })) {
      if (!/(?<!\.test|\.testing)\.ts$/.test(name)) continue;
      // What an audit finds has its words, in both languages, beside its check.
      if (/inspect\/audit\/checks\//.test(join(room, name))) continue;
      const text = readFileSync(join(SERVER, room, name), 'utf8');
      for (const [, code] of text.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)) {
        if (code !== undefined && !FOREIGN.test(code)) found.add(code);
      }
    }
  }
  return found;
}

function quoted(text: string, after: string): string[] {
  const start = text.indexOf(after);
  expect(start, after).toBeGreaterThan(-1);
  const list = text.slice(text.indexOf('[', start), text.indexOf('] as const', start));
  return [...list.matchAll(/'([\w.-]+)'/g)].map(([, value]) => value ?? '');
}

/** Ids of one list of a YAML file of ours; they stand at one depth, on lines of their own or inline. */
function idsOf(yaml: string, list: string): string[] {
  const start = yaml.search(new RegExp(`^${list}:`, 'm'));
  expect(start, list).toBeGreaterThan(-1);
  const body = yaml.slice(start + list.length + 1);
  const end = body.search(/^\w/m);
  return [
    ...(end === -1 ? body : body.slice(0, end)).matchAll(/^ {2}- (?:\{ )?id: ([^,\s]+)/gm),
  ].map(([, id]) => id ?? '');
}

function expectWords(vocabulary: string, values: Iterable<string>, atLeast: number): void {
  const all = [...values];
  expect(all.length, vocabulary).toBeGreaterThanOrEqual(atLeast);
  for (const catalogue of [zhCN, en]) {
    const words = (catalogue as Record<string, unknown>)[vocabulary] as Record<string, string>;
    const missing = all.filter((value) => words[value.replaceAll('.', '_')] === undefined);
    expect(missing, vocabulary).toEqual([]);
  }
}

test('every value of the classification rules has its word', () => {
  const rules = read('config/classification.yaml');
  expectWords('issueType', idsOf(rules, 'issueTypes'), 12);
  expectWords('segment', idsOf(rules, 'segments'), 5);
  expectWords('industry', idsOf(rules, 'industries'), 8);
  expectWords('businessType', idsOf(rules, 'businessTypes'), 8);
});

test('every mark of how far a clause was checked has its words, the unused ones too', () => {
  const used = [...read('config/retention.yaml').matchAll(/^ +verified: ([\w-]+)/gm)];
  expectWords('verified', new Set(used.map(([, mark]) => mark ?? '')), 6);
  const source = readFileSync(join(SERVER, 'retire/retention-profiles.ts'), 'utf8');
  expectWords('verified', quoted(source, 'const VERIFIED'), 6);
});

test('every act of the ledger and of the policy has its word', () => {
  const ledger = readFileSync(join(SERVER, 'ledger/actions.ts'), 'utf8');
  expectWords('action', quoted(ledger, 'LEDGER_ACTIONS'), 50);
  const table = readFileSync(join(SERVER, 'access/policy-table.ts'), 'utf8');
  const actions = table.slice(
    table.indexOf('const ON_RECORDS'),
    table.indexOf('export const ACTIONS'),
  );
  expectWords(
    'action',
    [...actions.matchAll(/'(\w+)'/g)].map(([, one]) => one ?? ''),
    38,
  );
});

test('every rule that lets a role search says in words what is found', () => {
  const table = readFileSync(join(SERVER, 'access/policy-table.ts'), 'utf8');
  const rules = [...table.matchAll(/on\('(\w+)', '([\w-]+)', (READ|\[[^\]]*\])/g)];
  const searching = rules.filter(([, , , actions]) => /READ|'search'/.test(actions ?? ''));
  expectWords(
    'scope',
    searching.map(([, role, name]) => `${role}.${name}`),
    6,
  );
});

test('every moment of the sample calls has its word', () => {
  const types = new Set<string>();
  for (const name of readdirSync(join(ROOT, 'samples'))) {
    if (!/^\d\d-[\w-]+\.json$/.test(name)) continue;
    const { events } = JSON.parse(read(`samples/${name}`)) as { events?: { type: string }[] };
    for (const { type } of events ?? []) types.add(type);
  }
  expectWords('event', types, 8);
});

test('every code that can stop a call says what it means and what to do', () => {
  const codes = [...codesIn(ON_THE_WAY)].filter((code) => !OF_A_REQUEST.has(code));
  expectWords('code', codes, 40);
  expectWords('remedy', codes, 40);
});

test('every code for which a notice does not go out says what it means', () => {
  const ports = readFileSync(join(SERVER, 'notices/ports.ts'), 'utf8');
  expectWords('code', new Set(ports.match(/(?<=\| ')[A-Z_]+(?=')/g)), 7);
});

test('every code of the server says what it means, but for those that no page shows', () => {
  const codes = codesIn(['']);
  const unseen = [...OF_THE_TERMINAL, ...INSIDE];
  // What is excused here and is gone, or has its words all the same, is excused no longer.
  expect(unseen.filter((code) => !codes.has(code) || code in zhCN.code)).toEqual([]);
  expectWords('code', [...codes].filter((code) => !unseen.includes(code)).concat(ONE_WORD), 150);
});

test('no code that no page shows has a status of its own', () => {
  const { problem, access, requests } = STATUS_TABLES;
  const text = [problem, access, requests]
    .map((name) => readFileSync(join(SERVER, name), 'utf8'))
    .join('\n');
  expect(
    [...OF_THE_TERMINAL, ...INSIDE].filter((code) => new RegExp(`\\b${code}\\b`).test(text)),
  ).toEqual([]);
});
