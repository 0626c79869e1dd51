import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as contract from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { ROLES } from '../accounts/roles.ts';
import { catalogue as en } from './en/index.ts';
import { catalogue as zhCN } from './zh-cn/index.ts';

const SRC = join(import.meta.dirname, '..');
const chinese = flatten(zhCN);
const english = flatten(en);

function flatten(value: object, path = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [name, inner] of Object.entries(value)) {
    const key = path === '' ? name : `${path}.${name}`;
    if (typeof inner === 'string') flat.set(key, inner);
    else for (const [deep, text] of flatten(inner as object, key)) flat.set(deep, text);
  }
  return flat;
}

function sources(): { name: string; text: string }[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('i18n/') && !name.includes('.test.'))
    .map((name) => ({ name, text: readFileSync(join(SRC, name), 'utf8') }));
}

test('both languages have the same words', () => {
  expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  expect(chinese.size).toBeGreaterThan(300);
});

test('no word is empty in either language', () => {
  for (const [key, text] of [...chinese, ...english]) expect(text.trim(), key).not.toBe('');
});

test('both languages fill in the same values', () => {
  const holes = (text: string | undefined) => (text?.match(/\{\{\w+\}\}/g) ?? []).sort();
  for (const [key, text] of chinese) expect(holes(english.get(key)), key).toEqual(holes(text));
});

test('English has no Chinese left in it', () => {
  for (const [key, text] of english) expect(text, key).not.toMatch(/\p{Script=Han}/u);
});

test('every word that the pages ask for is in the catalogue', () => {
  let seen = 0;
  for (const { name, text } of sources()) {
    for (const [, key] of text.matchAll(/\bt\(\s*'([\w.]+)'/g)) {
      seen += 1;
      const words = [key ?? '', `${key}_other`];
      expect(
        words.some((one) => chinese.has(one)),
        `${name}: ${key}`,
      ).toBe(true);
    }
  }
  expect(seen).toBeGreaterThan(150);
});

test('no page has Chinese of its own, but for our name and the other language', () => {
  for (const { name, text } of sources()) {
    const code = text.replace(/留声|中文/g, '').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    expect(code, name).not.toMatch(/\p{Script=Han}/u);
  }
});

test('every value of the closed vocabularies has its word', () => {
  const closed: [string, readonly string[]][] = [
    ['tier', contract.Tier.options],
    ['tierShort', contract.Tier.options],
    ['tierHint', contract.Tier.options],
    ['state', contract.RecordState.options],
    ['channel', contract.CallChannel.options],
    ['direction', contract.Direction.options],
    ['finding', contract.FindingType.options],
    ['role', contract.Role.options],
    ['access.field', contract.GrantField.options],
    ['access.fieldHint', contract.GrantField.options],
    ['access.category', contract.PurposeCategory.options],
    ['access.kind', contract.RequestKind.options],
    ['access.state', contract.RequestState.options],
    ['noticeKind', contract.NoticeKind.options],
    ['noticeSeverity', contract.NoticeSeverity.options],
  ];
  for (const [vocabulary, values] of closed) {
    for (const value of values) {
      expect(chinese.has(`${vocabulary}.${value.replaceAll('.', '_')}`), value).toBe(true);
    }
  }
});

test('the page offers exactly the roles of the contract', () => {
  expect([...ROLES].sort()).toEqual([...contract.Role.options].sort());
});
