import type { DisposalRunView } from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { mayNotDecide } from './may-not-decide.ts';

const NOW = Date.parse('2026-11-29T08:00:00Z');
const by = (id: string) => ({
  by: { id },
  decision: 'approved' as const,
  at: '2026-11-29T07:00:00Z',
});
const RUN: DisposalRunView = {
  ...{ id: 'r', kind: 'due', state: 'proposed', asOf: '2026-11-29', records: 1, disposed: 0 },
  ...{ deferred: 0, alone: false, mayDecide: false, decisions: [], counts: [], kept: [] },
  proposedBy: { id: 'officer' },
  ...{ proposedAt: '2026-11-29T01:00:00Z', decideBy: '2026-12-06T01:00:00Z' },
};

test('an approver is told why they may not decide, and nothing where they may or nothing waits', () => {
  expect(mayNotDecide({ ...RUN, mayDecide: true }, 'a', NOW)).toBeUndefined();
  expect(mayNotDecide({ ...RUN, state: 'running' }, 'a', NOW)).toBeUndefined();
  expect(mayNotDecide({ ...RUN, decideBy: '2026-11-29T08:00:00Z' }, 'a', NOW)).toBe(
    'DISPOSAL_OVER',
  );
  expect(mayNotDecide({ ...RUN, proposedBy: { id: 'a' } }, 'a', NOW)).toBe('OWN_REQUEST');
  expect(mayNotDecide({ ...RUN, decisions: [by('a')] }, 'a', NOW)).toBe('ALREADY_DECIDED');
  expect(mayNotDecide({ ...RUN, decisions: [by('b')] }, 'a', NOW)).toBe('SAME_PERSON');
});
