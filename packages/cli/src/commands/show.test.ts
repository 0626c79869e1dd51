import type { SearchResult } from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { searchLines } from './show.ts';

const result = {
  hits: [
    {
      ...{ id: '0198', startedAt: '2025-08-12T16:30:00.000Z', durationS: 36, tier: 'core' },
      ...{ issueType: '设备故障', agentId: '001', channel: 'voice', direction: 'inbound' },
      ...{ canOpen: true, snippet: '光猫坏了', findingCount: 0, ticketIds: [] },
    },
  ],
  ...{ total: 120, totalCapped: false, took: 12.34, scope: 'qa.every-record-redacted' },
  next: 'abc',
} as unknown as SearchResult;

test('times are those of the archive’s zone, as its filters and pages have them', () => {
  expect(searchLines(result, 'Asia/Shanghai')[0]).toContain('2025-08-13 00:30:00');
  expect(searchLines(result, 'UTC')[0]).toContain('2025-08-12 16:30:00');
});

test('says how to go on when there is more', () => {
  expect(searchLines(result, 'UTC').slice(1)).toEqual([
    '1 of 120 · 12.3 ms',
    'next page: --cursor abc',
  ]);
});
