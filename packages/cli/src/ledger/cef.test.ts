import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cefLine } from './cef.ts';
import type { FoundEntry } from './search.ts';

const entry: FoundEntry = {
  ...{ index: 7, time: '2026-11-27T05:06:07.008Z', at: '2026-11-27T05:06:07.001Z' },
  actor: { id: 'u-1', role: 'qa' },
  ...{ action: 'record.play', outcome: 'refused', resource: 'r-1' },
};

/** Reads a line back as the format's description has it: the first unescaped bars, then key=value. */
function parseCef(line: string): { head: string[]; fields: Record<string, string> } {
  const [, before = '', extension = ''] = /^((?:(?:\\.|[^\\|])*\|){7})(.*)$/su.exec(line) ?? [];
  const head = [...before.matchAll(/((?:\\.|[^\\|])*)\|/g)].map(([, part = '']) =>
    part.replace(/\\([\\|])/g, '$1'),
  );
  const fields: Record<string, string> = {};
  for (const [, name = '', value = ''] of extension.matchAll(
    /(?:^| )(\w+)=((?:\\.|[^=\\])*?)(?=(?: \w+=)|$)/g,
  )) {
    fields[name] = value.replace(/\\(.)/g, (_, one: string) =>
      one === 'n' ? '\n' : one === 'r' ? '\r' : one,
    );
  }
  return { head, fields };
}

test('an entry is one line with the fields that a SIEM knows', () => {
  expect(cefLine(entry, 'voxkeep/a')).toBe(
    'CEF:0|Voxkeep|Voxkeep|1|record.play|record.play|6|rt=1795755967008 start=1795755967001 ' +
      'externalId=7 act=record.play outcome=refused suid=u-1 spriv=qa ' +
      'cs1Label=origin cs1=voxkeep/a cs2Label=resource cs2=r-1',
  );
});

test('bars, equal signs, backslashes and line ends cannot break out of their field', () => {
  const hostile = fc.string({
    unit: fc.constantFrom('a', '|', '=', '\\', '\n', '\r', ' ', '中'),
    maxLength: 12,
  });
  fc.assert(
    fc.property(hostile, hostile, (text, other) => {
      const resource = `x${text}x`;
      const line = cefLine({ ...entry, resource, detail: { rule: `x${other}` } }, 'o');
      expect(line).not.toMatch(/[\r\n]/);
      const { head, fields } = parseCef(line);
      expect(head).toHaveLength(7);
      expect(fields['cs2']).toBe(resource);
      expect(JSON.parse(fields['cs5'] ?? '')).toEqual({ rule: `x${other}` });
      expect(fields['outcome']).toBe('refused');
    }),
  );
});

test('what stands in the head is escaped too', () => {
  const line = cefLine({ ...entry, action: 'a|b\\c' }, 'o');
  expect(line.startsWith('CEF:0|Voxkeep|Voxkeep|1|a\\|b\\\\c|a\\|b\\\\c|6|')).toBe(true);
});
