import type { AccountView, RecordState, SystemStatus } from '@voxkeep/contract';
import { idOf } from './fake-records.ts';

/** What operators and administrators see in the stand-in archive. */
export function jobs(state: string | null): unknown {
  const counts: [RecordState, number][] = [
    ...([
      ['received', 4],
      ['transcribed', 2],
      ['sealed', 1],
      ['quarantined', 7],
      ['archived', 12_466],
    ] as const),
  ].map(([of, count]) => [of, count]);
  const stuck = [
    'MEDIA_UNREADABLE',
    'REDACTION_INCOMPLETE',
    'TRANSCRIPT_MISSING',
    'SITE_UNREACHABLE',
  ];
  const lines = counts.flatMap(([of, count]) =>
    Array.from({ length: Math.min(count, 20) }, (_, n) => ({
      ...{
        id: idOf(count + n),
        state: of,
        sourceSystem: 'asterisk-hq',
        attempts: of === 'quarantined' ? 3 : 1,
      },
      receivedAt: new Date(Date.now() - (n * 37 + 2) * 60_000).toISOString(),
      mediaBytes: 840_000 + n * 91_300,
      canRetry: of === 'quarantined',
      ...(of === 'quarantined' ? { reasonCode: stuck[n % 4], reason: '第 3 次尝试仍未通过' } : {}),
    })),
  );
  return {
    counts: counts.map(([of, count]) => ({ state: of, count })),
    jobs: lines.filter((line) => state === null || line.state === state),
  };
}

export const STATUS: SystemStatus = {
  ...{
    archiveId: '6f0c1d52',
    version: '0.1.0',
    startedAt: '2026-11-20T01:12:00Z',
    timeZone: 'Asia/Shanghai',
  },
  records: [
    { state: 'received', count: 4 },
    { state: 'quarantined', count: 7 },
    { state: 'archived', count: 12_466 },
    { state: 'restricted', count: 3 },
  ],
  sites: [
    { name: 'hq', reachable: true, objects: 62_400, pendingCopies: 0 },
    { name: 'branch', reachable: true, objects: 62_400, pendingCopies: 0 },
    { name: 'cloud', reachable: false, objects: 61_977, pendingCopies: 423 },
  ],
  ledger: {
    size: 318_204,
    origin: 'voxkeep.example/6f0c1d52',
    verifierKey: 'voxkeep.example/6f0c1d52+00000000+AQ==',
    witnessed: false,
    healthy: true,
    toRestore: 0,
  },
  deliveries: [
    { channel: 'mail', waiting: 0, givenUp: 1 },
    {
      ...{ channel: 'webhook', waiting: 12, givenUp: 0, lastFailure: 'RECEIVER_UNREACHABLE' },
      oldestAt: new Date(Date.now() - 5_400_000).toISOString(),
    },
  ],
  ...{ keysOnDataHost: true, ffmpeg: 'ffmpeg 7.1' },
};

export const TRAIL = {
  entries: ['record.play', 'record.view', 'record.transcript', 'record.view', 'record.intake'].map(
    (action, at) => ({
      ...{
        index: 318_000 - at * 41,
        actor: idOf(at),
        role: at === 4 ? 'service' : 'qa',
      },
      at: new Date(Date.now() - (at * 5 + 1) * 3_600_000).toISOString(),
      ...{ action, outcome: at === 3 ? 'refused' : 'ok' },
    }),
  ),
  more: false,
};

export const KEYS = [
  {
    id: idOf(9),
    name: 'IPPBX 录音接入',
    prefix: 'vk_iffVB',
    scopes: ['intake'],
    createdAt: '2026-09-02T03:00:00Z',
    expiresAt: '2027-09-02T03:00:00Z',
  },
];

export const ACCOUNTS: AccountView[] = [
  'admin',
  'qa',
  'agent',
  'team_lead',
  'operator',
  'auditor',
  'service',
].map((role, at) => ({
  ...{
    id: idOf(at + 2),
    username: `${role}01`,
    displayName: `成员${at + 1}`,
    role: role as AccountView['role'],
    secondFactor: at % 2 === 0,
    person: at % 5 !== 4,
    ...(at === 1 ? { samePersonAs: [idOf(5)] } : {}),
    ...(at === 3 ? { samePersonAs: [idOf(3)] } : {}),
    ...(at === 5 ? { provider: 'corp' } : {}),
    ...(at < 3 ? { seenAt: '2026-11-24T01:20:00Z' } : {}),
  },
  createdAt: '2026-09-01T02:00:00Z',
  ...(role === 'agent'
    ? { agentId: '1003', teamId: '一组', lockedAt: '2026-11-23T08:00:00Z' }
    : {}),
}));

export const PROVIDERS = {
  providers: [
    { id: 'corp', kind: 'redirect', label: { zh: '集团统一认证', en: 'Corporate sign-in' } },
    { id: 'wecom', kind: 'redirect', label: { zh: '企业微信', en: 'WeCom' } },
    { id: 'directory', kind: 'password', label: { zh: '域账号', en: 'Directory account' } },
  ],
};
const session = (at: number, client: string, method: string, current: boolean) => ({
  ...{ id: idOf(40 + at), client, method, current },
  ...{ startedAt: `2026-11-2${at}T00:30:00Z`, seenAt: `2026-11-2${at}T01:10:00Z` },
});
export const SESSIONS = {
  sessions: [
    session(4, 'Edge Windows', 'password', true),
    session(3, 'Chrome Android', 'corp', false),
    session(2, 'Firefox Linux', 'password', false),
  ],
};
