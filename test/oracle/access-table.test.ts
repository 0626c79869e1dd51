import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ARCHIVE_ACTIONS, GRANTABLE, LINES, OPENED_BY, ROLES } from './access-table.ts';
import { monthBefore } from './month-before.ts';

const text = readFileSync(new URL('../../docs/access.md', import.meta.url), 'utf8');

/** The rows of the table below a heading, each a list of cells. */
function table(heading: string, firstColumn: string): string[][] {
  const section = text.slice(text.indexOf(`\n${heading}\n`));
  const start = section.indexOf(`| ${firstColumn} |`);
  const lines = section.slice(start).split('\n');
  const rows = lines.slice(2, lines.indexOf(''));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
const coded = (cell = '') => [...cell.matchAll(/`(\w+)`/g)].map(([, word = '']) => word);
const sorted = (words: Iterable<string>) => [...new Set(words)].sort();

it('says of each role on records and on the archive what docs/access.md says', () => {
  const rows = table('### By role alone', 'role');
  expect(rows.map(([name = '']) => name.split(' ')[0])).toEqual(ROLES);
  const leads = coded(rows.find(([name = '']) => name.startsWith('agent'))?.[1]);
  for (const [name = '', onRecords = '', onArchive] of rows) {
    const role = ROLES.find((one) => one === name.split(' ')[0]) ?? 'agent';
    const told = [...coded(onRecords), ...(onRecords.startsWith('the same') ? leads : [])];
    const actions = (LINES[role] ?? []).flatMap((line) => line.actions);
    expect(sorted(actions), name).toEqual(sorted(told));
    const archive = Object.entries(ARCHIVE_ACTIONS).filter(([, roles]) =>
      (roles as readonly string[]).includes(role),
    );
    expect(sorted(archive.map(([action]) => action)), name).toEqual(sorted(coded(onArchive)));
  }
});

it('opens by each field of a grant what docs/access.md says, to the roles that it names', () => {
  for (const [field = '', opens = ''] of table('### By grant', 'field').slice(1)) {
    expect(OPENED_BY[coded(field)[0] as 'media'], field).toBe(coded(opens)[0]);
  }
  const grants = table('### By grant', 'role').flatMap(([roles = '', fields = '', states = '']) =>
    roles.split(', ').map((role) => [
      role,
      {
        fields: fields.split(', '),
        states: states.split(';')[0]?.split(', '),
      },
    ]),
  );
  expect(Object.fromEntries(grants)).toEqual(GRANTABLE);
});

it('counts a month back in the zone of the archive, clamped to its end', () => {
  const examples = [
    ['2026-03-31T10:00:00+08:00', 'Asia/Shanghai', '2026-02-28T00:00:00+08:00'],
    ['2028-03-30T23:59:59+08:00', 'Asia/Shanghai', '2028-02-29T00:00:00+08:00'],
    ['2026-01-01T00:00:00+08:00', 'Asia/Shanghai', '2025-12-01T00:00:00+08:00'],
    ['2025-12-31T23:59:59+08:00', 'Asia/Shanghai', '2025-11-30T00:00:00+08:00'],
    ['2026-04-15T12:00:00+02:00', 'Europe/Berlin', '2026-03-15T00:00:00+01:00'],
    ['2026-11-08T12:00:00-05:00', 'America/New_York', '2026-10-08T00:00:00-04:00'],
  ] as const;
  for (const [now, zone, start] of examples) {
    expect(monthBefore(new Date(now), zone), now).toEqual(new Date(start));
  }
});
