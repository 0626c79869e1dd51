import type { DisposalRunView, DueView } from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { dueLines, runLines } from './run-lines.ts';

const counts: DueView['counts'] = [
  { ground: 'policy', rule: 'tier-basic', tier: 'basic', records: 21 },
];
const due: DueView = {
  ...{ asOf: '2026-11-29', records: 21, counts, first: [], mostAlone: 20 },
  ...{ overdue: 0, held: 0, restricted: 0, pendingDestructions: 0 },
};
const at = '2026-11-28T19:30:00.000Z';
const run: DisposalRunView = {
  ...{ id: '0198a1b2-0000-7000-8000-000000000001', kind: 'due', state: 'proposed' },
  ...{ asOf: '2026-11-29', records: 21, disposed: 0, deferred: 0, alone: false, counts, kept: [] },
  ...{ proposedBy: { id: 'archive' }, proposedAt: at, decideBy: at, decisions: [] },
  mayDecide: false,
};

test('what is due says when it takes approvals, and what a site has yet to destroy', () => {
  expect(dueLines(due)).toContain('more than 20: takes two approvals');
  expect(dueLines(due).join('\n')).not.toContain('DESTRUCTIONS');
  const late = { ...due, records: 20, pendingDestructions: 3, pendingSince: at };
  expect(dueLines(late)).toContain('up to 20 go by themselves');
  expect(dueLines(late)).toContain(`3 DESTRUCTIONS WAIT for a site, since ${at}`);
});

test('a run says what it kept and why, and until when it has to be decided while it has', () => {
  expect(runLines(run)).toContain(`decide by   ${at}`);
  const kept = [{ why: 'hold' as const, records: 2 }];
  const done = runLines({ ...run, state: 'done', disposed: 19, deferred: 2, kept });
  expect(done).toContain('progress    19 disposed of, 2 kept');
  expect(done).toContain('  2 KEPT: hold');
  expect(done.join('\n')).not.toContain('decide by');
});
