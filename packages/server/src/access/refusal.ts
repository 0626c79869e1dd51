import { type Action, FIELD_OPENS, GRANTABLE, MANDATE_OPENS, type Role } from './policy-table.ts';

/** What a rule lacked to cover a record; 'role' when no rule of the role names the action. */
export const MISSES = [
  ...(['role', 'tier', 'own', 'team', 'case', 'lease-required', 'recency'] as const),
  ...(['restricted', 'state'] as const),
] as const;
export type Miss = (typeof MISSES)[number];

export interface Refusal {
  allowed: false;
  /** `<role>.<what was missing>`; shown in answers and in the ledger. */
  rule: string;
  reason: { zh: string; en: string };
  /** The role to turn to. */
  askWhom?: string;
}

type Words = { zh: string; en: string; askWhom: Role };

const REASONS: Record<Miss, Words> = {
  role: {
    zh: '您的角色没有这项权限。',
    en: 'Your role does not include this.',
    askWhom: 'admin',
  },
  tier: {
    zh: '该记录的存储层超出您角色的范围，须经双人审批授权。',
    en: 'The record is in a tier beyond your role; a grant by two approvers is needed.',
    askWhom: 'approver',
  },
  own: {
    zh: '只能查看本人接听的通话。',
    en: 'You may see calls that you took part in.',
    askWhom: 'team_lead',
  },
  team: {
    zh: '只能查看本班组的通话。',
    en: "You may see your team's calls.",
    askWhom: 'qa',
  },
  case: {
    zh: '该记录不是分派给您或您所在小组的案件。',
    en: "The record is neither your case nor your group's.",
    askWhom: 'crisis',
  },
  'lease-required': {
    zh: '复核人员一次只处理领取到的一条待复核记录。',
    en: 'A reviewer opens the one item that is leased to them.',
    askWhom: 'operator',
  },
  recency: {
    zh: '只能查看近 1 个月的通话。',
    en: 'You may see calls of the last month.',
    askWhom: 'qa',
  },
  restricted: {
    zh: '该记录已限制处理：账户已注销或个人要求删除，法定保存期尚未届满。',
    en: 'The record is restricted: its account was closed or erasure asked for, and the minimum still runs.',
    askWhom: 'compliance',
  },
  state: {
    zh: '该记录尚未归档，暂不可查看。',
    en: 'The record is not archived yet.',
    askWhom: 'operator',
  },
};

const GRANT: Words = {
  zh: '须凭授权查看：由两名审批人批准调取申请后开放。',
  en: 'This needs a grant: request access, two approvers decide.',
  askWhom: 'approver',
};
const DISPOSAL: Words = {
  zh: '删除与法律保全只由合规管理按处置流程办理。',
  en: 'Deletion and holds are done by compliance, as a disposal or a matter.',
  askWhom: 'compliance',
};

const MANDATE: Words = {
  zh: '不在任何有效监管调取令的范围之内。',
  en: 'No mandate in force covers this.',
  askWhom: 'compliance',
};

/** The refusal in words, and whom to ask. */
export function refusal(role: Role, action: Action, miss: Miss): Refusal {
  const { rule, words } = wordsFor(role, action, miss);
  const { askWhom, ...reason } = words;
  return { allowed: false, rule: `${role}.${rule}`, reason, askWhom };
}

function wordsFor(role: Role, action: Action, miss: Miss): { rule: string; words: Words } {
  if (miss !== 'role') return { rule: miss, words: REASONS[miss] };
  if (action === 'delete' || action === 'hold') return { rule: 'disposal-only', words: DISPOSAL };
  if (role === 'regulator' && MANDATE_OPENS.includes(action)) {
    return { rule: 'mandate-required', words: MANDATE };
  }
  const fields = GRANTABLE[role]?.fields ?? [];
  if (fields.some((field) => FIELD_OPENS[field] === action)) {
    return { rule: 'grant-required', words: GRANT };
  }
  return { rule: 'role', words: REASONS.role };
}
