import type { SubjectRecord, SubjectRequestDetail } from '@voxkeep/contract';
import { expect, it } from 'vitest';
import { requestLines, requestsLines } from './subject-lines.ts';

const ID = '01a21235-a9f3-722e-b083-2fdc700727f0';
const request: SubjectRequestDetail = {
  ...{ id: ID, kind: 'erasure', state: 'received', phoneMasked: '138****2641' },
  ...{ receivedOn: '2026-11-01', answerBy: '2026-11-16', daysLeft: -2, overdue: true },
  ...{ enteredBy: ID, enteredAt: '2026-11-01T02:00:00.000Z', restricted: 0, may: [] },
  ...{ identity: 'ID card seen', records: 2 },
};
const record = (more: Partial<SubjectRecord>): SubjectRecord => ({
  ...{ id: ID, startedAt: '2026-03-01T02:00:00.000Z', state: 'restricted', because: 'rule' },
  ...more,
});

it('says of each record when it goes and by which rule, or why it stays', () => {
  const lines = requestLines(
    request,
    [record({ goesOn: '2031-03-01', rule: 'basic' }), record({ because: 'held', rule: 'basic' })],
    true,
  );
  expect(lines[2]).toContain('goes on 2031-03-01 (basic)');
  expect(lines[3]).toContain('is held (basic)');
  expect(lines.at(-1)).toBe('… and more');
});

it('marks what is overdue in words', () => {
  const counts = { open: 1, dueSoon: 0, overdue: 1 };
  const lines = requestsLines({ requests: [request], counts, today: '2026-11-18' });
  expect(lines[0]).toContain('OVERDUE since 2026-11-16');
  expect(lines.at(-1)).toBe('1 open, 0 due within three days, 1 overdue');
});
