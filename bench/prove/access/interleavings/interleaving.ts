import type { AccessRequestView } from '@voxkeep/contract';
import type pg from 'pg';
import { FIELDS, type Field, GRANTABLE } from '../../../../test/oracle/access-table.ts';
import type { Client } from '../client.ts';
import type { ArchiveClock } from '../clock.ts';
import { statementOf } from '../passkeys.ts';
import type { Seeded } from '../random.ts';
import {
  type Act,
  approval,
  awake,
  rejection,
  revocation,
  signInAgain,
  withdrawal,
} from './acts.ts';
import { FORGERIES, Forger } from './forgeries.ts';
import { LOOKS, look } from './look.ts';
import { RequestModel, type Signing } from './model.ts';
import { codeOf, tryActs } from './try-acts.ts';
import { type Actor, enrolAgain, otherApprovers, stricter, type World } from './world.ts';

export interface Tools {
  clock: ArchiveClock;
  sql: pg.Pool;
  admin: Client;
  url: string;
  problems: string[];
  /** Of everything that was tried, by its name. */
  tried: Map<string, number>;
}

/** One request from its asking to its end, with whatever happens in between. */
export class Interleaving {
  readonly #world: World;
  readonly #tools: Tools;
  readonly #random: Seeded;
  readonly #steps: string[] = [];
  #request: RequestModel | undefined;
  #canonical = '';

  constructor(world: World, tools: Tools, random: Seeded) {
    this.#world = world;
    this.#tools = tools;
    this.#random = random;
  }

  async begin(): Promise<void> {
    await this.#ask();
    await this.#go(1 + this.#random.below(3));
  }

  async goOn(): Promise<void> {
    await this.#go(1 + this.#random.below(2));
  }

  /** Looks at everything, and leaves the world's people as they were. */
  async end(): Promise<void> {
    await this.#go(this.#random.below(2));
    const { auditor, agent, records, requests } = this.#world;
    for (const call of records) await this.#look(auditor, call);
    await this.#look(agent, this.#random.pick(records));
    await this.#restore();
    const now = this.#tools.clock.now();
    const request = this.#request;
    if (request?.isUnended(now) === true && this.#random.chance(0.8)) {
      await this.#do([withdrawal(request, this.#asker(request))]);
    }
    const open = requests.filter((one) => one.state === 'live' && one.isUnended(now));
    this.#world.requests = open;
  }

  async #go(steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      const request = this.#request;
      if (request === undefined) return;
      const dice = this.#random.unit();
      if (dice < 0.4) await this.#approve(request, 'good');
      else if (dice < 0.52)
        await this.#approve(request, this.#random.pick(['false', 'key-of-another']));
      else if (dice < 0.62) await this.#do([this.#ending(request)]);
      else if (dice < 0.74) await this.#race(request);
      else if (dice < 0.82)
        await this.#look(this.#world.auditor, this.#random.pick(this.#world.records));
      else if (dice < 0.92) await this.#forge(request);
      else await this.#changeAround(request);
    }
  }

  async #ask(): Promise<void> {
    const { auditor, agent, records, requests } = this.#world;
    const random = this.#random;
    const asker = random.chance(0.75) ? auditor : agent;
    await awake(asker, this.#tools.clock);
    const grantable = GRANTABLE[asker.known.role]?.fields ?? [];
    const some = random.some(FIELDS, 0.4);
    const fields =
      some.length === 0 || random.chance(0.7) ? ['transcript' as Field, 'media' as Field] : some;
    const asked = random.chance(0.6) ? records : [random.pick(records)];
    const minutes = random.pick([5, 5, 60]);
    const purpose = { category: 'audit', text: 'what a proof looks at' };
    const recordIds = asked.map(({ id }) => id);
    const body = { recordIds, fields, minutes, purpose };
    const answer = await asker.person.client.post('/access/requests', body);
    this.#note('request');
    if (fields.some((field) => !grantable.includes(field))) {
      if (codeOf(answer) !== 'FIELD_NOT_GRANTABLE') {
        this.#wrong(`asks as ${asker.known.role} for ${fields.join()}: ${answer.status}`);
      }
      return;
    }
    if (answer.status !== 201) {
      this.#wrong(`asks: ${answer.status} ${answer.bytes.toString().slice(0, 200)}`);
      return;
    }
    const { id, decideBy } = answer.body as AccessRequestView;
    const seen = asked.map((call) => ({ id: call.id, tier: call.tier, agentIds: call.agentIds }));
    this.#request = new RequestModel({
      ...{ id, requester: asker.known, records: seen, fields, minutes },
      decideBy: new Date(decideBy),
    });
    requests.push(this.#request);
    const reader = this.#random.pick(this.#world.approvers);
    await awake(reader, this.#tools.clock);
    this.#canonical = await statementOf(reader.person, id);
  }

  async #approve(request: RequestModel, signing: Signing): Promise<void> {
    await this.#do([await this.#approval(request, signing, this.#someApprover())]);
  }

  async #approval(request: RequestModel, signing: Signing, actor: Actor): Promise<Act> {
    await awake(actor, this.#tools.clock);
    const others = this.#world.approvers.filter((one) => one.known.person !== actor.known.person);
    const { passkey: otherKey } = this.#random.pick(others);
    return approval(request, actor, {
      ...{ signing, canonical: this.#canonical, random: this.#random },
      ...(otherKey === undefined ? {} : { otherKey }),
    });
  }

  #someApprover(): Actor {
    const { approvers } = this.#world;
    return this.#random.chance(0.65)
      ? this.#random.pick(approvers)
      : this.#random.pick(otherApprovers(this.#world));
  }

  #ending(request: RequestModel): Act {
    const { auditor, agent, officer, approvers } = this.#world;
    const anyone = this.#random.pick([auditor, agent, officer, ...approvers]);
    return this.#random.pick([
      () => rejection(request, this.#random.pick([...approvers, officer, auditor])),
      () => withdrawal(request, this.#random.chance(0.7) ? this.#asker(request) : anyone),
      () => revocation(request, anyone),
    ])();
  }

  /** Two people, or one twice, at the same moment. */
  async #race(request: RequestModel): Promise<void> {
    const one = this.#someApprover();
    const other = this.#random.chance(0.3) ? one : this.#someApprover();
    const first = await this.#approval(request, 'good', one);
    const second = this.#random.chance(0.5)
      ? await this.#approval(request, 'good', other)
      : this.#ending(request);
    await this.#do([first, second]);
  }

  async #do(acts: Act[]): Promise<void> {
    const { clock } = this.#tools;
    await this.#everyoneAwake();
    for (const act of acts) this.#note(`${acts.length > 1 ? 'race: ' : ''}${act.name}`);
    const wrong = await tryActs(acts, clock.now());
    if (wrong !== undefined) this.#wrong(wrong);
  }

  async #everyoneAwake(): Promise<void> {
    const { auditor, agent, officer, approvers } = this.#world;
    for (const actor of [auditor, agent, officer, ...approvers, ...otherApprovers(this.#world)]) {
      await awake(actor, this.#tools.clock);
    }
  }

  async #look(actor: Actor, call: World['records'][number]): Promise<boolean> {
    await awake(actor, this.#tools.clock);
    const action = this.#random.pick(LOOKS);
    this.#note(`look ${action}`);
    const seen = await look(this.#world, actor, call, action, this.#tools.clock.now());
    if (seen.problem !== undefined) this.#wrong(seen.problem);
    return seen.got;
  }

  /** A superuser writes; what was shut has to stay shut. */
  async #forge(request: RequestModel): Promise<void> {
    const { sql, clock } = this.#tools;
    const { auditor, agent, records } = this.#world;
    const hand = new Forger(sql);
    const name = this.#random.pick(Object.keys(FORGERIES));
    this.#note(`forged: ${name}`);
    await this.#everyoneAwake();
    try {
      const written = await FORGERIES[name]?.(hand, this.#world, request, clock.now());
      if (written !== true) return;
      for (const actor of [auditor, agent]) {
        for (const call of records) {
          const action = this.#random.pick(['read_transcript', 'stream'] as const);
          const seen = await look(this.#world, actor, call, action, clock.now());
          if (seen.got && seen.expected === false) {
            this.#wrong(`forged (${name}): ${actor.known.role} does ${action} of ${call.tier}`);
          }
        }
      }
    } finally {
      await hand.putBack();
    }
  }

  async #changeAround(request: RequestModel): Promise<void> {
    const { clock, sql, admin, url } = this.#tools;
    const asker = this.#asker(request);
    const { id } = asker.known;
    const kind = this.#random.pick(['reclassify', 'role', 'lock', 'revoked key'] as const);
    this.#note(kind);
    if (kind === 'reclassify') {
      const call = this.#random.pick(this.#world.records);
      await setTier(sql, call, stricter(call.tier));
    } else if (kind === 'role') {
      await admin.post(`/accounts/${id}/role`, { role: 'trainer' });
      for (const one of this.#world.requests) if (one.requester.id === id) one.roleChanged();
      asker.known.role = 'trainer';
      if (!asker.known.locked) await signInAgain(asker, clock);
    } else if (kind === 'lock') {
      await admin.post(`/accounts/${id}/lock`);
      asker.known.locked = true;
    } else {
      // Whose approval does not wait: what becomes of a request whose first signature lost its key
      // before the second came, the documents leave open. It opens nothing.
      const waits = (one: Actor) => request.approvals.some(({ by }) => by === one.known);
      const free = this.#world.approvers.filter((one) => !waits(one));
      const actor = this.#random.pick(free);
      await awake(actor, clock);
      const { client } = actor.person;
      await client.post(`/access/passkeys/${actor.passkey?.id}/revoke`);
      actor.known.hasKey = false;
      await this.#approve(request, 'good');
      await this.#everyoneAwake();
      await enrolAgain(this.#world, actor, url);
    }
    for (const call of this.#world.records) await this.#look(asker, call);
  }

  /** Roles, locks and tiers as they were. */
  async #restore(): Promise<void> {
    const { admin, clock, sql } = this.#tools;
    const { auditor, agent, records } = this.#world;
    for (const actor of [auditor, agent]) {
      const { known, person } = actor;
      if (known.locked) await admin.post(`/accounts/${known.id}/unlock`);
      const moved = known.role !== person.role;
      if (moved) await admin.post(`/accounts/${known.id}/role`, { role: person.role });
      const changed = known.locked || moved;
      known.role = person.role;
      known.locked = false;
      if (changed) await signInAgain(actor, clock);
      // The grants of before must not have come back with the role.
      if (moved) await this.#look(actor, this.#random.pick(records));
    }
    for (const call of records)
      await setTier(sql, call, this.#world.tiers.get(call.id) ?? call.tier);
  }

  #asker(request: RequestModel): Actor {
    const { auditor, agent } = this.#world;
    return request.requester === auditor.known ? auditor : agent;
  }

  #note(step: string): void {
    const { tried } = this.#tools;
    const name = step.replace(/\(.*/, '').trim();
    tried.set(name, (tried.get(name) ?? 0) + 1);
    this.#steps.push(step);
  }

  #wrong(what: string): void {
    this.#tools.problems.push(`${what} [${this.#steps.join(' → ')}]`);
  }
}

async function setTier(sql: pg.Pool, call: World['records'][number], tier: typeof call.tier) {
  if (call.tier === tier) return;
  call.tier = tier;
  await sql.query('update call set tier = $2 where id = $1', [call.id, tier]);
  await sql.query('update record set tier = $2 where id = $1', [call.id, tier]);
}
