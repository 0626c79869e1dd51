import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf, json, problem } from './fake-answers.ts';
import { idOf } from './fake-records.ts';

const READ = ['search record', 'view record', 'stream record', 'trail record'];
const ASK = 'request_access access';
const ABILITIES: Record<string, string[]> = {
  qa: [...READ, ASK],
  agent: [...READ, ASK],
  auditor: [...READ, ASK, 'read status', 'access_requests access', 'read ledger'],
  approver: ['approve access', 'access_requests access'],
  compliance: [
    ...['search record', 'view record', 'trail record', 'request_mandate access'],
    ...['access_requests access', 'enrol access', 'read ledger', 'read status'],
  ],
  regulator: ['request_mandate access'],
  operator: ['read job', 'retry job', 'read status', 'create record'],
  admin: ['manage account', 'manage api_key', 'read status', 'create record', 'enrol access'],
  analyst: [],
};
const NAMES: Record<string, string> = {
  qa: '沈佳宁',
  operator: '韩磊',
  admin: '陆一鸣',
  auditor: '范静',
  approver: '贺文渊',
  compliance: '温如玉',
  regulator: '季明远',
};

let signedIn: string | undefined;

/** The role that is signed in; there is one window only. */
export const roleSignedIn = () => signedIn;

/** Signing in by role: `locked` is locked, `totp` asks for 123456. */
export async function session(
  request: IncomingMessage,
  response: ServerResponse,
  method: string,
): Promise<void> {
  if (method === 'DELETE') signedIn = undefined;
  if (method === 'POST') {
    const { username, totp } = JSON.parse((await bodyOf(request)).toString()) as Record<
      string,
      string
    >;
    if (username === 'locked') return problem(response, 423, 'ACCOUNT_LOCKED', '账号已锁定');
    if (username === 'totp' && totp === undefined)
      return problem(response, 401, 'TOTP_REQUIRED', '需要验证码');
    if (username === 'totp' && totp !== '123456')
      return problem(response, 401, 'TOTP_WRONG', '验证码不对');
    const role = username === 'totp' ? 'qa' : (username ?? '');
    if (ABILITIES[role] === undefined)
      return problem(response, 401, 'SIGN_IN_FAILED', '用户名或密码不对');
    signedIn = role;
  }
  if (signedIn === undefined) {
    if (method === 'DELETE') return json(response, undefined, 204);
    return problem(response, 401, 'NOT_SIGNED_IN', '请先登录');
  }
  json(response, {
    actor: {
      id: idOf(2),
      username: `${signedIn}01`,
      displayName: NAMES[signedIn] ?? '测试员',
      role: signedIn,
    },
    abilities: (ABILITIES[signedIn] ?? []).map((ability) => {
      const [action = '', subject = ''] = ability.split(' ');
      return { action, subject };
    }),
    ...{ timeZone: 'Asia/Shanghai', archiveName: '华东客服中心通话档案', secondFactor: false },
  });
}
