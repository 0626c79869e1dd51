import type { Viewer } from './policy.ts';
import type { Action } from './policy-table.ts';
import type { Refusal } from './refusal.ts';

/** What a key of a service may be for. A key is good for what it was issued for and nothing else. */
export const API_SCOPES = ['intake', 'status', 'witness', 'scim', 'closure'] as const;
export type ApiScope = (typeof API_SCOPES)[number];

/** Actions by scope; `witness` and `scim` open the routes that ask for them by name. */
const SCOPE_OPENS: Record<ApiScope, readonly Action[]> = {
  intake: ['ingest'],
  status: ['status'],
  witness: [],
  scim: [],
  closure: ['close_account'],
};

/** Whether a service's key was issued for this; undefined when it was. */
export function scopeRefusal(viewer: Viewer, wanted: ApiScope): Refusal | undefined {
  if (viewer.scopes?.includes(wanted) === true) return undefined;
  return REFUSAL;
}

/** The same for an action of the policy. A service has its key's scopes in place of its role. */
export function scopeDecision(
  scopes: readonly ApiScope[],
  action: Action,
): { allowed: true; rule: string } | Refusal {
  const scope = scopes.find((one) => SCOPE_OPENS[one].includes(action));
  return scope === undefined ? REFUSAL : { allowed: true, rule: `service.${scope}` };
}

/** What a service's key opens, for what it is told of itself. */
export const actionsOfScopes = (scopes: readonly ApiScope[]): Action[] =>
  scopes.flatMap((scope) => [...SCOPE_OPENS[scope]]);

const REFUSAL: Refusal = {
  allowed: false,
  rule: 'service.scope',
  reason: {
    zh: '该接口密钥的用途不含此项。',
    en: 'The key was not issued for this.',
  },
  askWhom: 'admin',
};
