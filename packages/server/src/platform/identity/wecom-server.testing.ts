import { randomUUID } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { HOSTILE_NAME } from './identity-provider-contract.testing.ts';

/** Faults to switch on. */
export interface WecomFaults {
  /** The next token that is given is over at once. */
  tokenOver: boolean;
  /** Answers 500 to everything. */
  down: boolean;
  /** Answers with a redirect to another place. */
  elsewhere: boolean;
  /** Takes requests and answers nothing. */
  silent: boolean;
}

export interface WecomServer {
  url: string;
  faults: WecomFaults;
  /** Paths that were asked for, in order. */
  asked: string[];
  /** What the login page gives for this person: good once. */
  codeFor(person: string): string;
  close(): Promise<void>;
}

/** Names of the company's people by their userid. */
const PEOPLE: Record<string, string> = { WangWei: '王伟', 'o_brien-2@x.y': HOSTILE_NAME };

/** WeCom's API as far as sign-in needs it, with a secret, tokens that end, and faults. */
export async function wecomServer(tls: { key: string; cert: string }): Promise<WecomServer> {
  const faults: WecomFaults = { tokenOver: false, down: false, elsewhere: false, silent: false };
  const asked: string[] = [];
  const codes = new Map<string, string>();
  let tokens = 0;
  let good = '';
  const answer = (path: string, query: URLSearchParams): object => {
    if (path === '/cgi-bin/gettoken') {
      if (query.get('corpsecret') !== 'app secret') return { errcode: 40001, errmsg: 'invalid' };
      tokens += 1;
      const token = `token-${tokens}`;
      good = faults.tokenOver ? '' : token;
      faults.tokenOver = false;
      return { errcode: 0, access_token: token, expires_in: 7200 };
    }
    if (query.get('access_token') !== good) return { errcode: 42001, errmsg: 'expired' };
    if (path === '/cgi-bin/auth/getuserinfo') {
      const person = codes.get(query.get('code') ?? '');
      if (person === undefined) return { errcode: 40029, errmsg: 'invalid code' };
      codes.delete(query.get('code') ?? '');
      // Somebody from outside is no member of the company.
      return { errcode: 0, ...(person in PEOPLE ? { userid: person } : { openid: person }) };
    }
    if (path === '/cgi-bin/user/get') {
      const userid = query.get('userid') ?? '';
      return { errcode: 0, userid, name: PEOPLE[userid], department: [3, 12] };
    }
    if (path === '/cgi-bin/tag/get') {
      const members = query.get('tagid') === '7' ? [{ userid: 'WangWei', name: '王伟' }] : [];
      return { errcode: 0, userlist: members, partylist: [] };
    }
    return { errcode: 404 };
  };
  const server = createServer(tls, (request, reply) => {
    const url = new URL(request.url ?? '/', 'https://localhost');
    asked.push(url.pathname);
    if (faults.silent) return;
    if (faults.down) {
      reply.writeHead(500).end();
    } else if (faults.elsewhere) {
      reply.writeHead(302, { location: 'https://127.0.0.1:9/cgi-bin/gettoken' }).end();
    } else {
      reply.setHeader('content-type', 'application/json');
      reply.end(JSON.stringify(answer(url.pathname, url.searchParams)));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...{ url: `https://localhost:${(server.address() as AddressInfo).port}`, faults, asked },
    codeFor: (person) => {
      const code = randomUUID();
      codes.set(code, person);
      return code;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
