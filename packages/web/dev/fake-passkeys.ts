import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { PasskeyView } from '@voxkeep/contract';
import { type Answer, ok } from './fake-answers.ts';
import { at, PEOPLE, type Person } from './fake-people.ts';

const passkeys: PasskeyView[] = [
  passkey(PEOPLE.approverA, '办公电脑指纹', 'enrolled', [PEOPLE.compliance, PEOPLE.approverB]),
  passkey(PEOPLE.approverB, '安全密钥 2 号', 'awaiting', [PEOPLE.compliance]),
  passkey(PEOPLE.lead, '手机', 'awaiting', []),
  passkey(PEOPLE.qa, '旧笔记本', 'revoked', [PEOPLE.approverA, PEOPLE.approverB]),
];

function passkey(
  owner: Person,
  label: string,
  state: PasskeyView['state'],
  confirmedBy: Person[],
): PasskeyView {
  const id = randomUUID();
  return {
    ...{ id, owner, label, state, confirmedBy, createdAt: at(-3000) },
    ...{
      may: state === 'awaiting' ? ['confirm', 'revoke'] : state === 'enrolled' ? ['revoke'] : [],
    },
    ...(state === 'awaiting'
      ? { confirmWith: 'password' as const, statement: statementOf(id, owner) }
      : {}),
  };
}

function statementOf(passkeyId: string, { id: account, role }: Person): string {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
    format: 'jwk',
  });
  const member = (label: number, value: string) =>
    Buffer.concat([Buffer.of(label, 0x58, 32), Buffer.from(value, 'base64url')]);
  const key = [Buffer.from('a5010203262001', 'hex'), member(0x21, x), member(0x22, y)];
  return JSON.stringify({
    ...{ format: 'voxkeep/passkey/v1', passkeyId, owner: { account, role } },
    publicKey: Buffer.concat(key).toString('base64url'),
  });
}

/** Passkeys of the stand-in archive; what is registered is taken as it comes. */
export function passkeyAnswer(
  role: string,
  method: string,
  id: string | undefined,
  act: string | undefined,
  query: URLSearchParams,
): Answer {
  if (method === 'GET' && id === undefined) {
    const own = passkeys.filter(({ owner }) => owner.role === role).slice(0, 1);
    return ok({ passkeys: query.get('box') === 'all' ? passkeys : own, founding: true });
  }
  if (id === 'options') {
    return ok({
      ...{ challenge: 'AAAAAAAAAAAAAAAAAAAAAA', rp: { id: 'localhost', name: '留声' } },
      user: { id: 'AAAAAAAAAAAAAAAAAAAAAA', name: role, displayName: role },
      pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    });
  }
  if (id === undefined) {
    const added = passkey(PEOPLE.approverA, '新登记', 'awaiting', []);
    passkeys.push(added);
    return ok(added, 201);
  }
  const found = passkeys.find((one) => one.id === id);
  if (found === undefined) return { status: 404, problem: 'PASSKEY_UNKNOWN' };
  if (act === 'confirm') found.confirmedBy.push(PEOPLE.compliance);
  if (act === 'revoke') found.state = 'revoked';
  return ok(found);
}
