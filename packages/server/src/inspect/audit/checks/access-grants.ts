import type { Selectable } from 'kysely';
import { ArchiveError } from '../../../core/errors.ts';
import type { GrantTables } from '../../../core/tables/grants.ts';
import type { SignedRequest } from '../../../record/grant.ts';
import { check, daysBefore, each } from '../check.ts';
import type { AuditContext, Found } from '../ports.ts';

type Request = Pick<
  Selectable<GrantTables['access_request']>,
  'id' | 'kind' | 'canonical' | 'ends_at' | 'live_since'
>;
type Code = 'GRANT_UNSIGNED' | 'GRANT_NOT_ADMITTED' | 'GRANT_WITHOUT_REQUEST';

/** How far back grants that are over are looked at. */
const LOOKED_BACK_DAYS = 40;

/** Everything that was granted has the signatures of two people, verified here again. */
export const accessGrants = check<Code>({
  title: { zh: '授权：双人签名逐一复验', en: 'Grants: both signatures, verified again' },
  retest: {
    zh: '用密钥室登记的通行密钥重新验证该授权的签名。',
    en: 'The grant’s signatures are verified again by the passkeys of the key room.',
  },
  codes: {
    GRANT_UNSIGNED: {
      severity: 'critical',
      wrong: {
        zh: '授权缺少两个人的有效签名',
        en: 'A grant has not the valid signatures of two people',
      },
      fix: {
        zh: '撤销该授权，查明谁改动了数据库。',
        en: 'Revoke it, and find out who changed the database.',
      },
    },
    GRANT_NOT_ADMITTED: {
      severity: 'critical',
      wrong: {
        zh: '目录库称授权有效，密钥室却未核准',
        en: 'The catalog calls a grant live that the key room never admitted',
      },
      fix: {
        zh: '删除该行，查明谁写入了数据库。',
        en: 'Remove the row, and find out who wrote it.',
      },
    },
    GRANT_WITHOUT_REQUEST: {
      severity: 'high',
      wrong: {
        zh: '密钥室的有效授权在目录库中没有申请',
        en: 'A grant in force has no request in the catalog',
      },
      fix: {
        zh: '撤销该授权；由站点日志恢复申请。',
        en: 'Revoke it; restore the request from the journal.',
      },
    },
  },
  async run(context) {
    const { db, asOf, warrants } = context;
    const rows = await db
      .selectFrom('access_request')
      .select(['id', 'kind', 'canonical', 'ends_at', 'live_since'])
      .where('state', 'in', ['approved', 'revoked'])
      .where('live_since', 'is not', null)
      .where('live_since', '<=', asOf)
      .where('ends_at', '>', daysBefore(asOf, LOOKED_BACK_DAYS))
      .orderBy('id')
      .execute();
    const living = await db
      .selectFrom('access_request')
      .select('id')
      .where('state', '=', 'approved')
      .where('ends_at', '>', asOf)
      .execute();
    const admitted = (await warrants.inForce(asOf)).map(
      ({ canonical }) => (JSON.parse(canonical) as SignedRequest).requestId,
    );
    const all = await db.selectFrom('access_request').select('id').execute();
    const findings: Found<Code>[] = [];
    for (const row of rows) {
      context.signal.throwIfAborted();
      if (!(await isSigned(context, row))) {
        findings.push({ code: 'GRANT_UNSIGNED', subject: { kind: 'request', id: row.id } });
      }
    }
    const idle = living.filter(({ id }) => !admitted.includes(id));
    const unknown = admitted.filter((id) => !all.some((one) => one.id === id));
    findings.push(
      ...each(
        'GRANT_NOT_ADMITTED',
        'request',
        idle.map(({ id }) => id),
      ),
    );
    findings.push(...each('GRANT_WITHOUT_REQUEST', 'request', unknown));
    return { looked: rows.length + admitted.length, findings };
  },
});

/**
 * Two people: two approvers, or for break-glass whoever asked and one approver. A passkey that was revoked
 * since verifies nothing any more; its signature counts where the ledger has it.
 */
async function isSigned({ db, warrants }: AuditContext, row: Request): Promise<boolean> {
  const request = requestIn(row.canonical);
  if (request === undefined) return false;
  const decided = await db
    .selectFrom('access_decision')
    .select(['id', 'actor_id', 'person', 'decision', 'assertion'])
    .where('request_id', '=', row.id)
    .where('decision', 'in', ['approved', 'signed'])
    .execute();
  const people = new Set<string>();
  for (const { actor_id, person, decision, assertion } of decided) {
    if (assertion === null) continue;
    try {
      const signer = await warrants.signerOf(row.canonical, assertion);
      const own = request.requester.person === signer.person;
      const counts =
        decision === 'approved' ? signer.approver && !own : own && row.kind === 'break_glass';
      if (signer.account === actor_id && signer.person === person && counts) people.add(person);
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      if (error.code !== 'PASSKEY_NOT_ENROLLED') continue;
      if (await isLogged(db, row.id, actor_id)) people.add(person);
    }
  }
  return people.size >= 2;
}

/** Undefined where somebody wrote what is no request. */
function requestIn(canonical: string): SignedRequest | undefined {
  try {
    const request = JSON.parse(canonical) as SignedRequest | null;
    return request?.requester === undefined ? undefined : request;
  } catch {
    return undefined;
  }
}

async function isLogged(db: AuditContext['db'], request: string, actor: string): Promise<boolean> {
  const entry = await db
    .selectFrom('ledger_entry')
    .select('index')
    .where('resource', '=', request)
    .where('actor_id', '=', actor)
    .where('action', 'in', ['access.approve', 'access.sign'])
    .where('outcome', '=', 'ok')
    .limit(1)
    .executeTakeFirst();
  return entry !== undefined;
}

type Mandate = 'MANDATE_OVER' | 'MANDATE_HOLDER';

/** A mandate in force is in date, and its holder is a regulator whose account may act. */
export const accessMandates = check<Mandate>({
  title: { zh: '监管委托：在期且持有人有效', en: 'Mandates: in date, with holders who may act' },
  retest: {
    zh: '重新读取委托的期限与持有人账号。',
    en: 'The mandate’s time and its holder’s account are read again.',
  },
  codes: {
    MANDATE_OVER: {
      severity: 'high',
      wrong: { zh: '委托已过期仍有效', en: 'A mandate is in force past its end' },
      fix: { zh: '撤销该委托。', en: 'Revoke it.' },
    },
    MANDATE_HOLDER: {
      severity: 'high',
      wrong: {
        zh: '委托持有人的账号已锁定或不再是监管角色',
        en: 'A mandate’s holder is locked, or no regulator any more',
      },
      fix: {
        zh: '撤销该委托，必要时另行签发。',
        en: 'Revoke it, and have another one made out where needed.',
      },
    },
  },
  async run({ warrants, asOf, accounts }) {
    const inForce = await warrants.inForce(asOf);
    const known = await accounts();
    const mandates = inForce.flatMap(({ canonical, until }) => {
      const request = JSON.parse(canonical) as SignedRequest;
      return request.kind === 'mandate' ? [{ request, until }] : [];
    });
    const findings = mandates.flatMap(({ request, until }): Found<Mandate>[] => {
      const holder = known.find(({ id }) => id === request.holder.account);
      const subject = { kind: 'request' as const, id: request.requestId };
      const may = holder?.role === request.holder.role && holder.lockedAt === undefined;
      return [
        ...(new Date(request.validTo) < asOf || until < asOf
          ? [{ code: 'MANDATE_OVER' as const, subject }]
          : []),
        ...(may ? [] : [{ code: 'MANDATE_HOLDER' as const, subject }]),
      ];
    });
    return { looked: mandates.length, findings };
  },
});

/** Every use of break-glass was reviewed within days. */
export const accessBreakGlass = check<'BREAK_GLASS_UNREVIEWED'>({
  title: { zh: '紧急破窗：已按期复核', en: 'Break-glass: reviewed in time' },
  retest: {
    zh: '由密钥室与申请行重新查看复核。',
    en: 'The review is looked for in the key room and the request again.',
  },
  codes: {
    BREAK_GLASS_UNREVIEWED: {
      severity: 'high',
      wrong: { zh: '紧急破窗多日未复核', en: 'A break-glass has not been reviewed for days' },
      fix: {
        zh: '由未参与的审批人复核（待办页）。',
        en: 'Have an approver who had no part in it review it (inbox).',
      },
    },
  },
  async run({ db, asOf, limits, warrants }) {
    const before = daysBefore(asOf, limits.reviewDays);
    const open = await warrants.unreviewed();
    const rows = await db
      .selectFrom('access_request')
      .select(['id', 'live_since', 'reviewed_at'])
      .where('kind', '=', 'break_glass')
      .where('live_since', 'is not', null)
      .orderBy('id')
      .execute();
    const late = rows.filter(
      ({ id, live_since, reviewed_at }) =>
        live_since !== null && live_since < before && (reviewed_at === null || open.includes(id)),
    );
    return {
      looked: rows.length,
      findings: each(
        'BREAK_GLASS_UNREVIEWED',
        'request',
        late.map(({ id }) => id),
      ),
    };
  },
});
