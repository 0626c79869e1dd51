import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '../../access/index.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { EngagementParty, EngagementsPort } from '../ports.ts';
import { problemIn, type ServeScene, serveScene } from '../serve-scene.testing.ts';

const ID = '0198a1b2-0000-7000-8000-0000000000aa';
const ONE = '0198a1b2-0000-7000-8000-0000000000bb';
const DAY = '2026-12-01';
/** Who did what, as the port was told. */
const told: { what: string; party: Partial<EngagementParty> }[] = [];
const tell = (what: string, party: Partial<EngagementParty>) => {
  told.push({ what, party });
  return { id: ID };
};

let scene: ServeScene;
beforeAll(async () => {
  const engagements = {
    list: async (who: EngagementParty) => tell('list', who),
    open: async (_wanted: object, who: EngagementParty) => tell('open', who),
    show: async (id: string, who: EngagementParty) => {
      if (id !== ID) throw new ArchiveError('ENGAGEMENT_UNKNOWN', 'there is none');
      return tell('show', who);
    },
    confirm: async (_id: string, _text: string, who: EngagementParty) => tell('confirm', who),
    close: async (_id: string, _reason: string, who: EngagementParty) => tell('close', who),
    timeBox: async () => {
      throw new ArchiveError('ENGAGEMENT_STATE', 'it is opened');
    },
    samples: {
      list: async (_id: string, who: EngagementParty) => tell('samples', who),
      ask: async (_id: string, _wanted: object, who: EngagementParty) => tell('ask', who),
      show: async (_one: object, who: EngagementParty) => tell('sample', who),
      draw: async (_one: object, _nonce: string, who: EngagementParty) => tell('draw', who),
      giveUp: async (_one: object, who: EngagementParty) => tell('give-up', who),
      async population(_one: object, who: EngagementParty) {
        tell('population', who);
        return (async function* lines() {
          yield `${ID}\n`;
          yield `${ONE}\n`;
        })();
      },
      async prove(_one: object, who: EngagementParty) {
        tell('proof', who);
        return '{"a":1}\n';
      },
    },
    evidence: {
      list: async (_id: string, who: EngagementParty) => tell('evidence', who),
      ask: async (_id: string, _wanted: object, who: EngagementParty) => tell('wants', who),
      answer: async (_one: object, _given: object, who: EngagementParty) => tell('answers', who),
      withdraw: async (_one: object, who: EngagementParty) => tell('withdraws', who),
    },
    findings: {
      list: async (_id: string, who: EngagementParty) => tell('findings', who),
      write: async (_id: string, _text: object, who: EngagementParty) => tell('writes', who),
      answer: async (_one: object, _given: object, who: EngagementParty) => tell('replies', who),
      close: async (_one: object, _text: object, who: EngagementParty) => tell('closes', who),
    },
  };
  const port = engagements as object as EngagementsPort;
  scene = await serveScene({}, { deps: { engagements: port } });
});
afterAll(() => scene.close());

const calls = { from: '2026-01-01', to: '2026-06-30', tiers: ['basic'] };
const hex = 'a'.repeat(64);
type Door = readonly [method: 'GET' | 'POST', path: string, body?: object];
const of = `/engagements/${ID}`;
/** Each door with what fits through it, by who may use it. */
const DOORS: Record<'overseers' | 'compliance' | 'auditors', readonly Door[]> = {
  overseers: [
    ['GET', '/engagements'],
    ['GET', of],
    ['GET', `${of}/samples`],
    ['GET', `${of}/samples/${ONE}`],
    ['GET', `${of}/samples/${ONE}/population`],
    ['GET', `${of}/samples/${ONE}/proof`],
    ['GET', `${of}/evidence`],
    ['GET', `${of}/findings`],
    ['POST', `${of}/findings/${ONE}/close`, { text: '整改已核实' }],
  ],
  compliance: [
    [
      'POST',
      '/engagements',
      { firm: '华信', purpose: '年度审计', calls, from: DAY, until: '2026-12-20' },
    ],
    ['POST', `${of}/confirm`, { commitment: hex }],
    ['POST', `${of}/close`, { reason: '项目结束' }],
    ['POST', `${of}/evidence/${ONE}/answer`, { answer: '见附件说明' }],
    ['POST', `${of}/findings/${ONE}/answer`, { verdict: 'disputed', text: '不属实的' }],
  ],
  auditors: [
    ['POST', `${of}/samples`, { calls, size: 5, commitment: hex }],
    ['POST', `${of}/samples/${ONE}/draw`, { nonce: hex }],
    ['POST', `${of}/samples/${ONE}/give-up`],
    ['POST', `${of}/evidence`, { wanted: '演练记录', dueOn: DAY }],
    ['POST', `${of}/evidence/${ONE}/withdraw`],
    [
      'POST',
      `${of}/findings`,
      { severity: 'low', about: { kind: 'sample', id: ONE }, text: '缺少复核' },
    ],
  ],
};
const MAY: Partial<Record<Role, readonly (keyof typeof DOORS)[]>> = {
  compliance: ['overseers', 'compliance'],
  auditor: ['overseers', 'auditors'],
};

const go = (who: Record<string, string>, [method, path, body]: Door) =>
  scene.send(
    method,
    `/api/v1${path}`,
    { ...who, ...(method === 'POST' ? { 'content-type': 'application/json' } : {}) },
    method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
  );

test('each door lets in who has to use it, and nobody else', async () => {
  const roles = ['compliance', 'auditor', 'qa', 'approver', 'operator', 'admin'] as const;
  for (const role of roles) {
    const who = await scene.person(role);
    for (const doors of ['overseers', 'compliance', 'auditors'] as const) {
      for (const door of DOORS[doors]) {
        const { status, text } = await go(who, door);
        const allowed = MAY[role]?.includes(doors) === true;
        expect([role, door[0], door[1], status < 300, status === 403 ? 403 : text !== '']).toEqual([
          ...[role, door[0], door[1], allowed, allowed ? true : 403],
        ]);
      }
    }
  }
  for (const door of Object.values(DOORS).flat()) {
    expect([401, 403]).toContain((await go({}, door)).status);
  }
});

test('whoever does something is an account and a person, and of no engagement unless bound to one', async () => {
  told.length = 0;
  const auditor = await scene.person('auditor', { personId: 'P2' });
  expect((await go(auditor, ['POST', `${of}/samples/${ONE}/give-up`])).status).toBe(200);
  const [{ what, party } = { what: '', party: {} }] = told;
  expect([what, party.actor?.role, party.engagementId]).toEqual(['give-up', 'auditor', undefined]);
  expect(party.person).toMatch(/^[0-9a-f]{32}$/);
});

test('what is asked amiss is told by its field, and an engagement that is not there is unknown', async () => {
  const auditor = await scene.person('auditor');
  const compliance = await scene.person('compliance');
  const short = await go(auditor, [
    ...(['POST', `${of}/samples`] as const),
    { calls, size: 501, commitment: 'x' },
  ]);
  expect([short.status, problemIn(short).code]).toEqual([400, 'REQUEST_INVALID']);
  expect(
    problemIn(short)
      .errors?.map(({ field }) => field)
      .sort(),
  ).toEqual([...['body/commitment', 'body/size']]);
  const none = await go(compliance, ['GET', `/engagements/${ONE}`]);
  expect([none.status, problemIn(none).code]).toEqual([404, 'ENGAGEMENT_UNKNOWN']);
});

test('the population and the proof leave as files', async () => {
  const auditor = await scene.person('auditor');
  const lines = await go(auditor, ['GET', `${of}/samples/${ONE}/population`]);
  expect([lines.text, lines.headers['content-type']]).toEqual([
    ...[`${ID}\n${ONE}\n`, 'text/plain; charset=utf-8'],
  ]);
  const proof = await go(auditor, ['GET', `${of}/samples/${ONE}/proof`]);
  expect([proof.text, proof.headers['content-disposition']]).toEqual([
    ...['{"a":1}\n', `attachment; filename="sample-${ONE}.json"`],
  ]);
});

test('no account is made for an engagement that is not in force', async () => {
  const admin = await scene.person('admin');
  const account = {
    ...{ username: 'outside', displayName: '外审', role: 'auditor', personId: 'X1' },
    ...{ password: 'correct horse battery', engagementId: ID },
  };
  const refused = await go(admin, ['POST', '/accounts', account]);
  expect([refused.status, problemIn(refused).code]).toEqual([409, 'ENGAGEMENT_STATE']);
});
