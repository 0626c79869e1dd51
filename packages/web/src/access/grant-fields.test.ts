import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Role } from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { FIELDS_OF, fieldsFor, fieldsOf, GRANT_FIELDS } from './grant-fields.ts';

test('the pages offer what docs/access.md says a grant can give to each role', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs/access.md'), 'utf8');
  const table = text.slice(
    text.indexOf('| role | fields that a grant'),
    text.indexOf('### By mandate'),
  );
  const documented = new Map<string, string[]>();
  for (const [, roles = '', fields = ''] of table.matchAll(/^\| ([\w, ]+) \| ([\w, ]+) \|/gm)) {
    if (roles === 'role') continue;
    for (const role of roles.split(', ')) documented.set(role, fields.split(', '));
  }
  expect(documented.size).toBe(5);
  for (const role of Role.options) expect(fieldsOf(role), role).toEqual(documented.get(role) ?? []);
  for (const fields of Object.values(FIELDS_OF)) {
    expect(fields.every((field) => GRANT_FIELDS.includes(field))).toBe(true);
  }
});

test('a refused action leads to its field where the role may be given it, else nowhere', () => {
  expect(fieldsFor('auditor', ['stream', 'original'])).toEqual(['media', 'original']);
  expect(fieldsFor('qa', ['download', 'original'])).toEqual(['original']);
  expect(fieldsFor('compliance', ['stream'])).toEqual([]);
});
