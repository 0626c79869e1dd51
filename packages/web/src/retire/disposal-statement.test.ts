import { createHash } from 'node:crypto';
import type { DisposalRunView } from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { digestOfIds, saysTheRun } from './disposal-statement.ts';

const ID = '0198c4d2-7a10-7c3e-9b54-00000000000';
const LIST = { records: 2, digest: `r${'a'.repeat(64)}` };
const RUN: DisposalRunView = {
  ...{ id: `${ID}1`, kind: 'due', state: 'proposed', asOf: '2026-11-29', records: 2 },
  ...{ disposed: 0, deferred: 0, alone: false, mayDecide: true, decisions: [] },
  proposedBy: { id: `${ID}2`, name: '合规经理' },
  ...{ proposedAt: '2026-11-29T01:00:00.000Z', decideBy: '2026-12-06T01:00:00.000Z' },
  ...{ counts: [], kept: [] },
};
const SAID = {
  ...{ format: 'voxkeep/disposal-run/v1', archiveId: `${ID}9`, runId: `${ID}1`, kind: 'due' },
  ...{ asOf: '2026-11-29', records: 2, digest: LIST.digest },
  proposer: { account: `${ID}2`, role: 'compliance', person: 'p' },
  decideBy: '2026-12-06T01:00:00.000Z',
};

test('the digest is the one that the archive reckons, in whatever order the ids come', async () => {
  const ids = [`${ID}2`, `${ID}1`];
  const hex = createHash('sha256').update(`${ID}1\n${ID}2\n`).digest('hex');
  expect(await digestOfIds(ids)).toBe(`r${hex}`);
  expect(await digestOfIds(ids.toReversed())).toBe(`r${hex}`);
  expect(await digestOfIds([`${ID}1`])).not.toBe(`r${hex}`);
});

test('a text that says what the page shows may be signed', () => {
  expect(saysTheRun(JSON.stringify(SAID), RUN, LIST)).toBe(true);
});

test('another list, day, count, proposer or time is found out, and so is a record more or less', () => {
  for (const change of [
    { format: 'voxkeep/access-request/v1' },
    { runId: `${ID}8` },
    { kind: 'chosen' },
    { asOf: '2026-11-30' },
    { records: 3 },
    { digest: `r${'b'.repeat(64)}` },
    { proposer: { ...SAID.proposer, account: `${ID}8` } },
    { proposer: undefined },
    { decideBy: '2027-12-06T01:00:00.000Z' },
  ]) {
    const text = JSON.stringify({ ...SAID, ...change });
    expect(saysTheRun(text, RUN, LIST), JSON.stringify(change)).toBe(false);
  }
  expect(saysTheRun(JSON.stringify(SAID), RUN, { ...LIST, records: 3 })).toBe(false);
  for (const text of ['', 'null', '7', '{']) expect(saysTheRun(text, RUN, LIST)).toBe(false);
});

test('what the archive proposed by its rules names nobody', () => {
  const { proposer: _, ...byRule } = SAID;
  const run = { ...RUN, proposedBy: { id: 'archive' } };
  expect(saysTheRun(JSON.stringify(byRule), run, LIST)).toBe(true);
  expect(saysTheRun(JSON.stringify(SAID), run, LIST)).toBe(false);
});
