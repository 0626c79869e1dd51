import { ScimList, ScimPatch, ScimQuery, ScimUser, ScimUserIn } from '../scim.ts';
import type { Route } from './route.ts';

const KEY = { who: 'service-key', action: 'key:scim' } as const;
const USER = { 200: { says: 'the account', schema: ScimUser } };
const NOT_HERE = { 404: ['ACCOUNT_UNKNOWN'] };
const NOT_SO = { ...NOT_HERE, 400: ['SCIM_INVALID'] };

/** SCIM 2.0 for personnel systems; its errors have the form of RFC 7644. */
export const scimRoutes: readonly Route[] = [
  {
    ...{ method: 'get', path: '/scim/v2/Users', ...KEY },
    summary: 'Accounts of people',
    more: '`filter` is `userName eq "…"` or `externalId eq "…"`, the person number.',
    query: ScimQuery,
    answers: { 200: { says: 'accounts', schema: ScimList } },
    problems: { 400: ['SCIM_INVALID'] },
  },
  {
    ...{ method: 'get', path: '/scim/v2/Users/:id', ...KEY },
    summary: 'One account',
    answers: USER,
    problems: NOT_HERE,
  },
  {
    ...{ method: 'patch', path: '/scim/v2/Users/:id', ...KEY },
    summary: 'Shut an account (`active` false) and end its sessions',
    body: ScimPatch,
    answers: USER,
    problems: NOT_SO,
  },
  {
    ...{ method: 'put', path: '/scim/v2/Users/:id', ...KEY },
    summary: 'The same; whatever else it says changes nothing',
    body: ScimUserIn,
    answers: USER,
    problems: NOT_SO,
  },
  {
    ...{ method: 'delete', path: '/scim/v2/Users/:id', ...KEY },
    summary: 'The same; the account stays, shut',
    answers: { 204: { says: 'shut' } },
    problems: NOT_HERE,
  },
];
