import type { Tier } from '../../../../test/oracle/access-table.ts';
import type { Call } from '../../../../test/oracle/judge-access.ts';
import type { Assertion } from '../authenticator.ts';
import type { ArchiveClock } from '../clock.ts';
import { confirm, enrol, type Passkey, register, type Signer } from '../passkeys.ts';
import type { People, Person, Wanted } from '../people.ts';
import type { RequestModel, Someone } from './model.ts';

/** Somebody of a world: who they are, what the model knows of them, and their key. */
export interface Actor {
  person: Person;
  known: Someone;
  passkey?: Passkey;
  /** A signature of theirs, for a request of before. */
  signed?: { requestId: string; assertion: Assertion };
  /** When they last signed in or asked, by the archive's clock. */
  seenAt: number;
  signedInAt: number;
}

/** People and records that one interleaving at a time has for itself. */
export interface World {
  number: number;
  auditor: Actor;
  agent: Actor;
  /** Each another person, with a key. */
  approvers: Actor[];
  /** A second account of the first approver's person. */
  secondAccount: Actor;
  /** The auditor's own second account, an approver. */
  auditorAsApprover: Actor;
  /** Took part in the world's calls. */
  handler: Actor;
  officer: Actor;
  records: Call[];
  /** A core call that takes a while to leave. */
  long: Call;
  /** As they are when nobody has changed them. */
  tiers: ReadonlyMap<string, Tier>;
  requests: RequestModel[];
}

/** What founding takes: two who confirm by password. */
export interface Founders {
  admin: Person;
  officer: Person;
}

/** A world; the first one also founds the register of passkeys. */
export async function makeWorld(
  number: number,
  people: People,
  made: {
    url: string;
    clock: ArchiveClock;
    records: Call[];
    long: Call;
    /** Enrolled people of an earlier world. */
    signers?: readonly [Signer, Signer];
    founders: Founders;
  },
): Promise<World> {
  const { url, clock, records, long } = made;
  const handled = records[0]?.agentIds[0] ?? '001';
  const team = `W${number}`;
  const actor = async (wanted: Wanted): Promise<Actor> => {
    const person = await people.make({ teamId: team, ...wanted });
    const at = clock.now().getTime();
    const known: Someone = {
      ...{ id: person.id, person: person.personId, role: person.role, teamId: team },
      ...{ locked: false, keyNumber: 0, hasKey: false },
      ...(wanted.agentId === undefined ? {} : { agentId: wanted.agentId }),
    };
    const made: Actor = { person, known, seenAt: at, signedInAt: at };
    person.client.onAnswer = () => {
      made.seenAt = clock.now().getTime();
    };
    return made;
  };
  const auditor = await actor({ role: 'auditor' });
  const approvers = [
    ...[await actor({ role: 'approver' }), await actor({ role: 'approver' })],
    await actor({ role: 'approver' }),
  ];
  const [first] = approvers;
  const world: World = {
    ...{ number, auditor, approvers, records, long, requests: [] },
    tiers: new Map([...records, long].map(({ id, tier }) => [id, tier])),
    agent: await actor({ role: 'agent', agentId: `A${number}` }),
    secondAccount: await actor({ role: 'approver', personId: first?.person.personId ?? '' }),
    auditorAsApprover: await actor({ role: 'approver', personId: auditor.person.personId }),
    handler: await actor({ role: 'approver', agentId: handled }),
    officer: await actor({ role: 'compliance' }),
  };
  let signers = made.signers;
  for (const one of [...approvers, ...otherApprovers(world)]) {
    one.passkey =
      signers === undefined
        ? await found(one.person, made.founders, url)
        : await enrol(one.person, signers, url);
    Object.assign(one.known, { hasKey: true, keyNumber: 1 });
    signers = signers ?? (one === approvers[2] ? signersOf(world) : undefined);
  }
  return world;
}

export const otherApprovers = (world: World): Actor[] => [
  ...[world.secondAccount, world.auditorAsApprover, world.handler],
];

/** Two people of a world who can confirm the keys of others. */
export function signersOf({ approvers }: World): [Signer, Signer] {
  const [, one, other] = approvers;
  if (one?.passkey === undefined || other?.passkey === undefined) throw new Error('no signers');
  return [
    { person: one.person, passkey: one.passkey },
    { person: other.person, passkey: other.passkey },
  ];
}

/** While fewer than three approvers are enrolled: an administrator and a compliance officer. */
async function found(person: Person, founders: Founders, url: string): Promise<Passkey> {
  const made = await register(person, url);
  for (const { client, password } of [founders.admin, founders.officer]) {
    const answer = await client.post(`/access/passkeys/${made.id}/confirm`, { password });
    if (answer.status !== 200) {
      throw new Error(`a founder confirms: ${answer.status} ${answer.bytes.toString()}`);
    }
  }
  return made;
}

/** A new key in place of one that was revoked. */
export async function enrolAgain(world: World, actor: Actor, url: string): Promise<void> {
  const others = world.approvers.filter((one) => one !== actor && one.known.hasKey);
  const [one, other] = others;
  if (one?.passkey === undefined || other?.passkey === undefined) throw new Error('no signers');
  const made = await register(actor.person, url);
  for (const by of [one, other]) {
    const key = by.passkey?.key;
    if (key !== undefined) await confirm(made.id, by.person, key);
  }
  actor.passkey = made;
  delete actor.signed;
  actor.known.hasKey = true;
  actor.known.keyNumber += 1;
}

export const stricter = (tier: Tier): Tier => (tier === 'basic' ? 'core' : 'sensitive');
