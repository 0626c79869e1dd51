import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SETTINGS } from '../../packages/server/src/main/config.ts';
import { documentsOutOfDate, madeDocuments } from '../../scripts/made-documents.ts';

const root = resolve(import.meta.dirname, '../..');
let copy: string;

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'voxkeep-docs-'));
  mkdirSync(join(copy, 'docs'));
  for (const { path } of madeDocuments()) cpSync(join(root, path), join(copy, path));
});
afterEach(() => rmSync(copy, { recursive: true, force: true }));

it('has every made document in the state that the code gives it', () => {
  expect(documentsOutOfDate(root)).toEqual([]);
});

it.each(madeDocuments().map(({ path }) => path))(
  'notices that %s was changed by hand, or is gone',
  (path) => {
    expect(documentsOutOfDate(copy)).toEqual([]);
    writeFileSync(join(copy, path), 'changed');
    expect(documentsOutOfDate(copy)).toEqual([expect.stringContaining(path)]);
    rmSync(join(copy, path));
    expect(documentsOutOfDate(copy)).toEqual([expect.stringContaining(path)]);
  },
);

it('tells of every setting with its environment name', () => {
  const page = madeDocuments()[0]?.text ?? '';
  for (const [name, { env }] of Object.entries(SETTINGS)) {
    expect(page).toContain(`### ${name}\n`);
    expect(page).toContain(`\`${env}\``);
  }
});
