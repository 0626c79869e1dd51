import { sql } from 'kysely';
import { check, daysBefore, each } from '../check.ts';
import type { AuditContext, Found } from '../ports.ts';

type Code = 'ACCOUNT_FORGED' | 'ROLE_UNKNOWN' | 'ROLE_DIFFERS' | 'PERSON_MISSING';

/** Every account is one that this archive made, with the role that the ledger gave it last. */
export const accessAccounts = check<Code>({
  title: { zh: '账号：角色与策略、账本一致', en: 'Accounts: roles as policy and ledger have them' },
  retest: {
    zh: '重新验证账号行的签封，并与账本中的最近授权比对。',
    en: 'The seal of the row is verified again, and the role compared with the ledger’s.',
  },
  codes: {
    ACCOUNT_FORGED: {
      severity: 'critical',
      wrong: {
        zh: '账号行不是本系统写入的',
        en: 'An account’s row was not written by this archive',
      },
      fix: {
        zh: '删除该行，查明谁写入了数据库。',
        en: 'Remove the row, and find out who wrote into the database.',
      },
    },
    ROLE_UNKNOWN: {
      severity: 'high',
      wrong: { zh: '账号的角色不在策略中', en: 'The role of an account is not in the policy' },
      fix: { zh: '由管理员重新指定角色。', en: 'Have an administrator give it a role.' },
    },
    ROLE_DIFFERS: {
      severity: 'critical',
      wrong: {
        zh: '账号的角色与账本最近一次授予的不同',
        en: 'An account has another role than the ledger gave it last',
      },
      fix: {
        zh: '锁定账号，查明角色如何改变。',
        en: 'Lock the account, and find out how its role changed.',
      },
    },
    PERSON_MISSING: {
      severity: 'medium',
      wrong: { zh: '审批人账号没有登记人员编号', en: 'An approver’s account names no person' },
      fix: {
        zh: '由管理员登记工号，以便识别一人多号。',
        en: 'Have an administrator enter the person’s number, so that second accounts are seen.',
      },
    },
  },
  async run(context) {
    const accounts = await context.accounts();
    const unknown = accounts.filter(({ role }) => !context.roles.includes(role));
    const nobody = accounts.filter(
      ({ role, person, lockedAt }) => role === 'approver' && !person && lockedAt === undefined,
    );
    const logged = await rolesInLedger(context);
    const differ = accounts.filter(({ id, role }) => (logged.get(id) ?? role) !== role);
    return {
      looked: accounts.length,
      findings: [
        ...each('ACCOUNT_FORGED', 'account', await context.forgedRows('staff')),
        ...each(
          'ROLE_UNKNOWN',
          'account',
          unknown.map(({ id }) => id),
        ),
        ...each(
          'ROLE_DIFFERS',
          'account',
          differ.map(({ id }) => id),
        ),
        ...each(
          'PERSON_MISSING',
          'account',
          nobody.map(({ id }) => id),
        ),
      ],
    };
  },
});

async function rolesInLedger({ db }: AuditContext): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; role: string }>`
    select distinct on (resource) resource as id, detail ->> 'role' as role from ledger_entry
    where action in ('account.create', 'account.change') and outcome = 'ok'
      and detail ->> 'role' is not null and resource is not null
    order by resource, index desc`.execute(db);
  return new Map(rows.map(({ id, role }) => [id, role]));
}

type Session = 'SESSION_FORGED' | 'SESSION_OF_LOCKED';

/** Nobody is signed in under an account that is locked, gone, or not what it was. */
export const accessSessions = check<Session>({
  title: { zh: '会话：无锁定账号的会话', en: 'Sessions: none of a locked account' },
  retest: { zh: '重新读取会话及其账号。', en: 'The session and its account are read again.' },
  codes: {
    SESSION_FORGED: {
      severity: 'critical',
      wrong: {
        zh: '会话行不是本系统写入的',
        en: 'A session’s row was not written by this archive',
      },
      fix: {
        zh: '删除该行，查明谁写入了数据库。',
        en: 'Remove the row, and find out who wrote into the database.',
      },
    },
    SESSION_OF_LOCKED: {
      severity: 'high',
      wrong: { zh: '已锁定的账号仍有会话', en: 'A locked account has a session' },
      fix: { zh: '结束该会话（账号页）。', en: 'End the session (accounts page).' },
    },
  },
  async run(context) {
    const { rows } = await sql<{ id: string; locked: boolean }>`
      select s.id, t.locked_at is not null as locked
      from staff_session s join staff t on t.actor_id = s.actor_id order by s.id`.execute(
      context.db,
    );
    const locked = rows.filter((row) => row.locked).map(({ id }) => id);
    return {
      looked: rows.length,
      findings: [
        ...each('SESSION_FORGED', 'session', await context.forgedRows('staff_session')),
        ...each('SESSION_OF_LOCKED', 'session', locked),
      ],
    };
  },
});

type Key = 'KEY_FORGED' | 'KEY_EXPIRED' | 'KEY_OF_NOBODY';

/** Keys of services are the archive's own, in date, and of accounts that may still act. */
export const accessApiKeys = check<Key>({
  title: { zh: '接口密钥：有效且归属明确', en: 'API keys: in date and somebody’s' },
  retest: { zh: '重新读取该接口密钥及其账号。', en: 'The key and its account are read again.' },
  codes: {
    KEY_FORGED: {
      severity: 'critical',
      wrong: {
        zh: '接口密钥行不是本系统写入的',
        en: 'A key’s row was not written by this archive',
      },
      fix: {
        zh: '删除该行，查明谁写入了数据库。',
        en: 'Remove the row, and find out who wrote into the database.',
      },
    },
    KEY_EXPIRED: {
      severity: 'low',
      wrong: { zh: '接口密钥已过期但未吊销', en: 'A key is past its end and was not revoked' },
      fix: { zh: '吊销该密钥（账号页）。', en: 'Revoke it (accounts page).' },
    },
    KEY_OF_NOBODY: {
      severity: 'high',
      wrong: {
        zh: '未吊销的接口密钥属于已锁定或不存在的账号',
        en: 'A key that was not revoked belongs to a locked account, or to none',
      },
      fix: { zh: '吊销该密钥。', en: 'Revoke it.' },
    },
  },
  async run(context) {
    const { db, asOf } = context;
    const { rows } = await sql<{ id: string; expired: boolean; orphan: boolean }>`
      select k.id, k.expires_at < ${asOf} as expired,
        k.account_id is not null and (t.actor_id is null or t.locked_at is not null) as orphan
      from api_key k left join staff t on t.actor_id = k.account_id
      where k.revoked_at is null order by k.id`.execute(db);
    const ids = (wanted: (one: (typeof rows)[number]) => boolean) =>
      rows.filter(wanted).map(({ id }) => id);
    return {
      looked: rows.length,
      findings: [
        ...each('KEY_FORGED', 'api_key', await context.forgedRows('api_key')),
        ...each(
          'KEY_EXPIRED',
          'api_key',
          ids(({ expired, orphan }) => expired && !orphan),
        ),
        ...each(
          'KEY_OF_NOBODY',
          'api_key',
          ids(({ orphan }) => orphan),
        ),
      ],
    };
  },
});

/** Accounts that nobody signed in with for long: by the ledger. */
export const accessUnused = check<'ACCOUNT_UNUSED'>({
  title: { zh: '账号：无长期未用', en: 'Accounts: none without use' },
  retest: {
    zh: '由账本重新查找该账号最近一次登录。',
    en: 'The account’s last sign-in is looked for in the ledger again.',
  },
  codes: {
    ACCOUNT_UNUSED: {
      severity: 'medium',
      wrong: { zh: '账号长期无人登录', en: 'Nobody has signed in with the account for long' },
      fix: { zh: '锁定不再需要的账号。', en: 'Lock it where it is not needed any more.' },
    },
  },
  async run(context) {
    const { db, asOf, limits } = context;
    const before = daysBefore(asOf, limits.unusedDays);
    const accounts = (await context.accounts()).filter(
      ({ role, lockedAt, createdAt }) =>
        role !== 'service' && lockedAt === undefined && createdAt < before,
    );
    const used = await db
      .selectFrom('ledger_entry')
      .select('actor_id')
      .distinct()
      .where('action', '=', 'session.sign_in')
      .where('outcome', '=', 'ok')
      .where('at', '>=', before)
      .execute();
    const active = new Set(used.map(({ actor_id }) => actor_id));
    const findings = each(
      'ACCOUNT_UNUSED',
      'account',
      accounts.filter(({ id }) => !active.has(id)).map(({ id }) => id),
    );
    return { looked: accounts.length, findings };
  },
});

type Separation = 'PERSON_TWICE' | 'APPROVED_OWN';

/** Nobody is two people, and nobody approved what they asked for. */
export const accessSeparation = check<Separation>({
  title: {
    zh: '职责分离：一人一号，不审自己',
    en: 'Separation: one account a person, no own approvals',
  },
  retest: { zh: '重新比对人员标识与审批行。', en: 'Persons and decisions are compared again.' },
  codes: {
    PERSON_TWICE: {
      severity: 'high',
      wrong: { zh: '同一人持有多个有效账号', en: 'One person has several accounts that may act' },
      fix: { zh: '锁定多余账号。', en: 'Lock the others.' },
    },
    APPROVED_OWN: {
      severity: 'critical',
      wrong: { zh: '审批人与申请人是同一人', en: 'Whoever approved is who asked' },
      fix: {
        zh: '撤销该授权，报告合规负责人。',
        en: 'Revoke what was granted, and report it to compliance.',
      },
    },
  },
  async run(context) {
    const accounts = (await context.accounts()).filter(
      ({ lockedAt, role }) => lockedAt === undefined && role !== 'service',
    );
    const twice = accounts.filter(
      ({ id, person }) =>
        person && accounts.some((other) => other.person === person && other.id !== id),
    );
    const { rows } = await sql<{ id: string }>`
      select distinct r.id from access_decision d join access_request r on r.id = d.request_id
      where d.decision = 'approved' and (d.actor_id = r.requester_id or d.person = r.requester_person)
      order by r.id`.execute(context.db);
    const findings: Found<Separation>[] = [
      ...each(
        'PERSON_TWICE',
        'account',
        twice.map(({ id }) => id),
      ),
      ...each(
        'APPROVED_OWN',
        'request',
        rows.map(({ id }) => id),
      ),
    ];
    return { looked: accounts.length, findings };
  },
});
