import { expect, test } from 'vitest';
import type { Paper } from '../../core/paper.ts';
import { printPaper } from './print-paper.ts';

const row = ['第一列的文字', 'ab'.repeat(40), '3'];
const PAPER: Paper = {
  title: '合规审计报告 Compliance audit',
  facts: [{ name: '结论', value: '通过' }],
  blocks: [
    { kind: 'heading', text: '检查' },
    {
      kind: 'table',
      columns: [
        { name: '检查项', share: 3 },
        { name: '摘要', share: 2 },
        { name: '数', share: 1 },
      ],
      rows: Array.from({ length: 120 }, () => row),
    },
  ],
  foot: '报告',
  madeAt: new Date('2026-11-28T01:00:00Z'),
};

test('a paper in Chinese is a PDF of several pages with its font within, and only what it needs of it', async () => {
  const pdf = await printPaper(PAPER);
  const text = pdf.toString('latin1');
  expect(text.startsWith('%PDF-1.')).toBe(true);
  expect(text.match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(2);
  expect(text).toMatch(/\/FontFile[23]? /);
  expect(text).toMatch(/\/ToUnicode/);
  expect(pdf.length).toBeLessThan(300_000);
});

test('the same paper is the same bytes', async () => {
  expect((await printPaper(PAPER)).equals(await printPaper(PAPER))).toBe(true);
});
