import { randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { RedirectProvider } from '../../access/identity/ports.ts';
import { ArchiveError } from '../../core/errors.ts';
import { type PinnedFetch, pinnedFetch } from './pinned-fetch.ts';

export interface WecomOptions {
  id: string;
  label: { zh: string; en: string };
  corpId: string;
  agentId: string;
  secret: string;
  /** Tags whose members are told apart; others are not asked for. */
  tags: readonly string[];
  /** https://login.work.weixin.qq.com and https://qyapi.weixin.qq.com, but for private ones. */
  loginUrl: string;
  apiUrl: string;
  authority?: string | undefined;
  /** How long one answer is waited for; ten seconds where nothing is said. */
  timeoutMs?: number | undefined;
}

const Token = z.object({ access_token: z.string().min(1), expires_in: z.number() });
const Person = z.object({ userid: z.string().min(1) });
const User = z.object({
  name: z.string().optional(),
  department: z.array(z.number()).default([]),
});
const Tag = z.object({ userlist: z.array(z.object({ userid: z.string() })).default([]) });

/** The token is wrong or over: a new one is asked for, once. */
const TOKEN_OVER = new Set([40014, 41001, 42001]);
const EARLY_MS = 60_000;

/**
 * 企业微信: sign-in by QR code on its page, then userid, name, departments and chosen tags over its
 * API. Claims are `userid`, `department` and `tag`. People who are not the company's members are
 * refused.
 */
export function wecomProvider(options: WecomOptions): RedirectProvider {
  const ask = pinnedFetch([new URL(options.apiUrl).origin], options.authority, options.timeoutMs);
  let token: { value: string; until: number } | undefined;

  const accessToken = async (): Promise<string> => {
    if (token !== undefined && performance.now() < token.until) return token.value;
    const query = { corpid: options.corpId, corpsecret: options.secret };
    const got = Token.parse(await answerOf(ask, options.apiUrl, '/cgi-bin/gettoken', query));
    token = {
      value: got.access_token,
      until: performance.now() + got.expires_in * 1000 - EARLY_MS,
    };
    return token.value;
  };
  const call = async <T>(schema: z.ZodType<T>, path: string, query: Record<string, string>) => {
    for (const last of [false, true]) {
      try {
        const all = { access_token: await accessToken(), ...query };
        return schema.parse(await answerOf(ask, options.apiUrl, path, all));
      } catch (error) {
        if (last || !(error instanceof WecomRefused) || !TOKEN_OVER.has(error.errcode)) throw error;
        token = undefined;
      }
    }
    throw new Error('unreachable');
  };

  return {
    ...{ kind: 'redirect', id: options.id, label: options.label },
    async begin(callback) {
      const state = randomBytes(24).toString('base64url');
      const url = new URL('/wwlogin/sso/login', options.loginUrl);
      const query = { login_type: 'CorpApp', appid: options.corpId, agentid: options.agentId };
      url.search = new URLSearchParams({ ...query, redirect_uri: callback, state }).toString();
      return { url: url.href, memory: { state } };
    },
    async finish(_callback, arrival, { state = '' }) {
      const code = arrival.searchParams.get('code');
      if (code === null || !same(arrival.searchParams.get('state') ?? '', state)) {
        throw refused(new Error('no code, or another state'));
      }
      try {
        const { userid } = await call(Person, '/cgi-bin/auth/getuserinfo', { code });
        const user = await call(User, '/cgi-bin/user/get', { userid });
        const tag: string[] = [];
        for (const tagid of options.tags) {
          const { userlist } = await call(Tag, '/cgi-bin/tag/get', { tagid });
          if (userlist.some((one) => one.userid === userid)) tag.push(tagid);
        }
        return {
          ...{ subject: `${options.corpId} ${userid}`, username: userid, personId: userid },
          ...(user.name === undefined ? {} : { displayName: user.name }),
          claims: { userid: [userid], department: user.department.map(String), tag },
        };
      } catch (error) {
        if (error instanceof ArchiveError) throw error;
        throw refused(error);
      }
    },
  };
}

/** What its API says beside `errcode` 0. */
class WecomRefused extends Error {
  readonly errcode: number;
  constructor(errcode: number) {
    super(`errcode ${errcode}`);
    this.errcode = errcode;
  }
}

async function answerOf(
  ask: PinnedFetch,
  apiUrl: string,
  path: string,
  query: Record<string, string>,
): Promise<unknown> {
  const url = new URL(path, apiUrl);
  url.search = new URLSearchParams(query).toString();
  const answer = await ask(url.href);
  if (answer.status >= 500) {
    throw new ArchiveError('PROVIDER_UNREACHABLE', 'the identity provider does not answer', {
      retry: 'later',
    });
  }
  const body = JSON.parse(answer.body.toString('utf8')) as { errcode?: number };
  if (body.errcode !== undefined && body.errcode !== 0) throw new WecomRefused(body.errcode);
  return body;
}

const refused = (cause: unknown) =>
  new ArchiveError('IDENTITY_REFUSED', 'the provider did not prove who that is', { cause });

function same(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length > 0 && one.length === other.length && timingSafeEqual(one, other);
}
