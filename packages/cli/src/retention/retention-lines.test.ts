import { expect, test } from 'vitest';
import { explainLines, previewLines } from './retention-lines.ts';

const ID = '0198a1b2-0000-7000-8000-000000000009';

test('a record’s term says first until when, then by which rule, and what else keeps it', () => {
  const lines = explainLines({
    ...{ recordId: ID, tier: 'core', industry: 'insurance', called: '2026-01-05' },
    ...{ keepUntil: '2036-01-05', openEnded: true, waitsFor: ['contract_end'], how: 'delete' },
    ...{ rule: 'insurance', clause: '第八十七条', verified: 'read', from: 'contract_end' },
    alsoApplied: [
      {
        ...{ rule: 'tier-core', clause: '五年', verified: 'requirement' },
        ...{ keepUntil: '2031-01-05', openEnded: false },
      },
    ],
    ...{ anchors: [], holds: 2, restricted: ['closure'], rules: 3, given: true },
  });
  expect(lines).toEqual([
    'kept, end open: waits for contract_end; not before 2036-01-05',
    'rule insurance (read): 第八十七条',
    'also until 2031-01-05: tier-core (requirement), 五年',
    'called 2026-01-05, core, insurance',
    'HELD by 2',
    'RESTRICTED: closure',
    'by rules 3',
  ]);
});

test('a preview says how many change and shows one of each kind', () => {
  const days = { openEnded: false, dueOn: '2031-02-04' };
  const lines = previewLines({
    ...{ digest: 'd'.repeat(64), inForce: 1, records: 10 },
    counts: { longer: 0, shorter: 1, opens: 0, closes: 0, sooner: 0, later: 0 },
    lines: [
      {
        ...{ change: 'shorter', tier: 'core', before: 'tier-core', after: 'tier-core', records: 1 },
        examples: [
          {
            recordId: ID,
            before: { ...days, keepUntil: '2031-01-05' },
            after: { ...days, keepUntil: '2030-01-05' },
          },
        ],
      },
    ],
  });
  expect(lines[0]).toMatch(/^10 records: 0 longer, 1 shorter/);
  expect(lines[1]).toMatch(/^shorter +core +1 +tier-core$/);
  expect(lines[2]).toContain(`${ID}: 2031-01-05, due 2031-02-04 becomes 2030-01-05`);
  expect(lines.at(-1)).toBe(`preview ${'d'.repeat(64)}`);
});
