import { createHash } from 'node:crypto';
import type { AccessRequestView, GrantField, RequestState } from '@voxkeep/contract';
import { type Answer, ok } from './fake-answers.ts';
import { passkeyAnswer } from './fake-passkeys.ts';
import { AUDITOR, at, PEOPLE, type Person } from './fake-people.ts';
import { hitOf, idOf, numberOf } from './fake-records.ts';

/** Access requests and grants of the stand-in archive; signatures are taken as they come. */

/** Of the made-up mandate's scope, in Shanghai. */
const DAYS = { from: '2026-06-30T16:00:00Z', before: '2026-09-30T16:00:00Z' };

function recordsOf(first: number, count: number, most = 50) {
  return Array.from({ length: Math.min(count, most) }, (_, n) => {
    const hit = hitOf(first + n * 3);
    const { id, tier, issueType, startedAt, agentId } = hit;
    return { id, tier, issueType, startedAt, agentId };
  });
}

let made = 0;
function requestOf(more: Partial<AccessRequestView> & { first?: number; count?: number }) {
  const { first = 1, count = 1, ...rest } = more;
  made += 1;
  const view: AccessRequestView = {
    ...{ id: idOf(5000 - made), kind: 'records', state: 'pending', requester: AUDITOR },
    purpose: {
      category: 'dispute',
      text: '纠纷 JF-2026-0417：客户称坐席承诺三日内退款，需核对原话',
    },
    fields: ['media', 'transcript'] as GrantField[],
    ...{ minutes: 240, recordCount: count, records: recordsOf(first, count) },
    ...{ createdAt: at(-made * 37), decideBy: at(60 * 24 - made * 37), needs: 2 },
    ...{ decisions: [], awaitsReview: false, may: [] },
    ...rest,
  };
  return view;
}

const approved = (who: Person, minutes: number, decision = 'approved' as const) => ({
  ...{ person: who, decision, at: at(minutes) },
});

const requests: AccessRequestView[] = [
  requestOf({
    ...{ kind: 'break_glass', requester: PEOPLE.lead, minutes: 30, first: 41 },
    purpose: { category: 'security', text: '客户来电称要跳楼，需立即听取通话判断所在位置' },
    decisions: [{ person: PEOPLE.lead, decision: 'signed', at: at(-2) }],
    ...{ createdAt: at(-2), decideBy: at(58) },
  }),
  requestOf({ count: 3, first: 12, decisions: [approved(PEOPLE.approverB, -12)] }),
  requestOf({
    ...{ count: 137, first: 200, requester: AUDITOR, fields: ['transcript', 'export'] },
    purpose: {
      category: 'audit',
      text: '三季度双录专项审计：抽查理财产品销售话术是否完整告知风险，样本由检索条件“理财双录、9 月、贵宾组”得出，按审计方案第 4.2 条逐通核对，导出件随底稿存档。',
    },
  }),
  requestOf({
    ...{ requester: PEOPLE.qa, fields: ['original'], first: 77 },
    purpose: { category: 'complaint', text: '投诉 TS-2026-1187，屏蔽处过长，须核对原始录音' },
    mayNotApprove: { code: 'HANDLED_RECORD', reason: 'handled' },
  }),
  requestOf({
    ...{ kind: 'mandate', requester: PEOPLE.compliance, holder: PEOPLE.regulator, fields: [] },
    purpose: { category: 'regulator', text: '银行业消费投诉专项检查，须调取涉诉通话' },
    ...{ recordCount: 0, records: [], reference: '金监函〔2026〕58 号' },
    scope: {
      ...{ from: '2026-07-01', to: '2026-09-30', industries: ['finance', 'insurance'] },
      issueTypes: ['客户纠纷', '投诉建议'],
    },
    ...{ validFrom: at(60 * 9), validTo: at(60 * 24 * 31) },
  }),
  requestOf({
    ...{ kind: 'break_glass', state: 'ended', requester: PEOPLE.lead, minutes: 30, first: 95 },
    purpose: { category: 'security', text: '家中煤气泄漏，客户失联' },
    decisions: [
      { person: PEOPLE.lead, decision: 'signed', at: at(-600) },
      approved(PEOPLE.approverB, -598),
    ],
    ...{ liveSince: at(-598), endsAt: at(-568), awaitsReview: true },
  }),
  requestOf({
    ...{ state: 'live', first: 4, count: 8, liveSince: at(-40), endsAt: at(200) },
    fields: ['media', 'transcript', 'original'],
    decisions: [approved(PEOPLE.approverA, -55), approved(PEOPLE.approverB, -40)],
  }),
  requestOf({
    ...{ state: 'live', first: 1, liveSince: at(-52), endsAt: at(8), minutes: 60 },
    purpose: { category: 'complaint', text: '投诉 TS-2026-1203，复核处理时限' },
    decisions: [approved(PEOPLE.approverA, -60), approved(PEOPLE.approverB, -52)],
  }),
  requestOf({
    ...{ state: 'rejected', count: 24, first: 300 },
    decisions: [
      {
        ...{ person: PEOPLE.approverB, decision: 'rejected', at: at(-1300) },
        reason: '事由过于笼统，请写明所涉工单，并缩小到有关的几通。',
      },
    ],
  }),
  requestOf({ state: 'expired', count: 2, first: 310, createdAt: at(-4000) }),
];

function viewFor(role: string, view: AccessRequestView): AccessRequestView {
  const own = view.requester.role === role || view.holder?.role === role;
  const may: AccessRequestView['may'] = [];
  if (role === 'approver' && view.state === 'pending' && view.mayNotApprove === undefined) {
    may.push('approve');
  }
  if (role === 'approver' && view.state === 'pending') may.push('reject');
  if (role === 'approver' && view.awaitsReview) may.push('review');
  if (
    own &&
    view.state === 'pending' &&
    view.kind === 'break_glass' &&
    view.decisions.length === 0
  ) {
    may.push('sign');
  }
  if (own && (view.state === 'pending' || view.state === 'live')) may.push('withdraw');
  if ((role === 'approver' || role === 'compliance') && view.state === 'live') may.push('revoke');
  return { ...view, may };
}

export function access(
  role: string,
  method: string,
  [room, id, act]: string[],
  query: URLSearchParams,
  body: string,
): Answer {
  const sent = body === '' ? {} : (JSON.parse(body) as Record<string, never>);
  if (room === 'grants') {
    const grants = requests
      .filter(({ state, requester }) => state === 'live' && requester.role === role)
      .map((view) => viewFor(role, view));
    if (role === 'regulator') grants.push(viewFor(role, liveMandate()));
    return ok({ grants, serverTime: new Date().toISOString() });
  }
  if (room === 'mandate-holders') {
    const { id: holder, name } = PEOPLE.regulator;
    return ok({ holders: [{ id: holder, name }] });
  }
  if (room === 'passkeys') return passkeyAnswer(role, method, id, act, query);
  if (room === 'break-glass') {
    const view = requestOf({ kind: 'break_glass', ...(sent as object), count: 1 });
    requests.unshift(view);
    return ok(viewFor(role, view), 201);
  }
  if (room === 'mandates' || (room === 'requests' && id === undefined && method === 'POST')) {
    const ids = (sent as { recordIds?: string[] }).recordIds ?? [];
    const view = requestOf({ ...(sent as object), count: ids.length || 42, createdAt: at(0) });
    if (ids[0] !== undefined) view.records = recordsOf(numberOf(ids[0]) ?? 0, ids.length);
    requests.unshift(view);
    return ok(viewFor(role, view), 201);
  }
  if (room !== 'requests') return { status: 404, problem: 'NOT_FOUND' };
  if (id === undefined) return list(role, query);
  const view =
    requests.find((one) => one.id === id) ?? (role === 'regulator' ? liveMandate() : undefined);
  if (view === undefined) return { status: 404, problem: 'REQUEST_UNKNOWN' };
  if (act === undefined) return ok(viewFor(role, view));
  if (act === 'challenge') return ok(challengeOf(view, query.get('review')));
  decide(view, act, sent);
  return ok(viewFor(role, view));
}

function decide(view: AccessRequestView, act: string, sent: { reason?: string }): void {
  const became: Record<string, [AccessRequestView['decisions'][number]['decision'], RequestState]> =
    {
      approve: ['approved', view.decisions.length + 1 >= view.needs ? 'live' : 'pending'],
      sign: ['signed', 'pending'],
      reject: ['rejected', 'rejected'],
      revoke: ['revoked', 'revoked'],
      withdraw: ['withdrawn', 'withdrawn'],
      review: ['reviewed', view.state],
    };
  const [decision, state] = became[act] ?? ['approved', view.state];
  const who = act === 'withdraw' || act === 'sign' ? view.requester : PEOPLE.approverA;
  view.decisions.push({
    person: who,
    decision,
    at: at(0),
    ...(sent.reason ? { reason: sent.reason } : {}),
  });
  view.state = state;
  if (act === 'review') view.awaitsReview = false;
  if (state === 'live' && view.liveSince === undefined) {
    Object.assign(view, { liveSince: at(0), endsAt: at(view.minutes ?? 60) });
  }
}

function list(role: string, query: URLSearchParams): Answer {
  const box = query.get('box');
  const fits = requests
    .filter(({ kind }) => (query.get('kind') ?? kind) === kind)
    .filter(({ state }) => (query.get('state') ?? state) === state)
    .map((view) => viewFor(role, view))
    .filter((view) => {
      if (box === 'inbox') return view.state === 'pending' || view.may.includes('review');
      return box === 'all' || view.requester.role === role;
    });
  return ok({ requests: fits, waiting: fits.filter(({ may }) => may.length > 0).length });
}

function challengeOf(view: AccessRequestView, finding: string | null) {
  const { id, kind, fields, minutes, records, decideBy, holder, scope, validFrom, validTo } = view;
  const commitment = createHash('sha256').update(view.purpose.text).digest('hex');
  const said = {
    ...{ archiveId: idOf(7), decideBy, format: 'voxkeep/access-request/v1', kind, requestId: id },
    purpose: { category: view.purpose.category, commitment },
    requester: { account: view.requester.id, role: view.requester.role },
    ...(kind === 'mandate'
      ? { holder: { account: holder?.id }, scope: { ...scope, ...DAYS }, validFrom, validTo }
      : { fields, minutes, records: recordsOf(200, view.recordCount, view.recordCount) }),
    ...(kind === 'mandate' || view.recordCount > 50 ? {} : { records }),
  };
  const review = { format: 'voxkeep/break-glass-review/v1', requestId: id, finding };
  const canonical = JSON.stringify(finding === null ? said : review);
  const challenge = createHash('sha256').update(canonical).digest('base64url');
  return {
    canonical,
    options: { challenge, rpId: 'localhost', userVerification: 'required', allowCredentials: [] },
  };
}

function liveMandate(): AccessRequestView {
  return {
    ...(requests.find(({ kind }) => kind === 'mandate') as AccessRequestView),
    ...{ id: idOf(4321), state: 'live', validFrom: at(-60 * 24 * 9), liveSince: at(-60 * 24 * 9) },
    ...{ endsAt: at(60 * 24 * 21 + 90), validTo: at(60 * 24 * 21 + 90) },
    decisions: [approved(PEOPLE.approverA, -14_000), approved(PEOPLE.approverB, -13_000)],
  };
}
