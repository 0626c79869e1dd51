import type { Notice, NoticesView } from '@voxkeep/contract';
import { NoticeKind } from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { groupNotices, writeDay } from './group-notices.ts';
import { noticePath } from './notice-path.ts';

const ZONE = 'Asia/Shanghai';
const notice = (id: string, toldAt: string, more: Partial<Notice> = {}): Notice => ({
  ...{ id, kind: 'request.awaiting', severity: 'action', detail: {}, toldAt },
  ...more,
});
const NOBODY = { abilities: [] };
const page = (notices: Notice[], alarms: Notice[] = []): NoticesView => ({
  ...{ notices, alarms, unread: 0 },
});

test('days are those of the archive’s zone', () => {
  const groups = groupNotices(
    [page([notice('b', '2026-11-27T16:30:00Z'), notice('a', '2026-11-27T15:30:00Z')])],
    ZONE,
  );
  expect(groups.map(({ key }) => key)).toEqual(['2026-11-28', '2026-11-27']);
});

test('an alarm that is not read stands at the top, and nowhere twice', () => {
  const alarm = notice('x', '2026-11-20T01:00:00Z', { severity: 'alarm' });
  const recent = notice('y', '2026-11-27T01:00:00Z');
  const groups = groupNotices([page([recent, alarm], [alarm]), page([alarm])], ZONE);
  expect(groups.map(({ key, notices }) => [key, notices.map(({ id }) => id)])).toEqual([
    ['alarms', ['x']],
    ['2026-11-27', ['y']],
  ]);
});

test('today and yesterday have words, in both languages', () => {
  const now = Date.parse('2026-11-27T17:00:00Z');
  expect(writeDay('2026-11-28', now, ZONE, 'zh-CN')).toBe('今天');
  expect(writeDay('2026-11-27', now, ZONE, 'en')).toBe('Yesterday');
  expect(writeDay('2026-11-26', now, ZONE, 'en')).toBe('2026-11-26');
});

test('every kind leads somewhere of our own, and only an id becomes part of an address', () => {
  for (const kind of NoticeKind.options) {
    expect(noticePath({ kind, resource: '0198a1b2-0000-7000-8000-000000000009' }, NOBODY)).toMatch(
      /^\/\w/,
    );
    const path = noticePath({ kind, resource: '../../evil?x=//host' }, NOBODY);
    expect(path).not.toContain('evil');
    expect(path).toMatch(/^\//);
  }
});

test('an alarm of the ledger leads to a page that its reader may open', () => {
  const alarm = { kind: 'ledger.alarm' } as const;
  const auditor = { abilities: [{ action: 'read', subject: 'ledger' }] };
  const admin = { abilities: [{ action: 'read', subject: 'status' }] };
  expect([noticePath(alarm, auditor), noticePath(alarm, admin)]).toEqual(['/ledger', '/status']);
});
