import type pg from 'pg';
import type { Field } from '../../../../test/oracle/access-table.ts';
import type { Call } from '../../../../test/oracle/judge-access.ts';
import type { Client } from '../client.ts';
import type { ArchiveClock } from '../clock.ts';
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
import { ask } from './asking.ts';
import { FORGERIES, Forger } from './forgeries.ts';
import { LOOKS, look } from './look.ts';
import type { RequestModel, Signing } from './model.ts';
import { TAKEN, Taking } from './taking.ts';
import { tryActs } from './try-acts.ts';
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
  #taking: Taking | undefined;
  #forged = false;

  constructor(world: World, tools: Tools, random: Seeded) {
    this.#world = world;
    this.#tools = tools;
    this.#random = random;
  }

  async begin(): Promise<void> {
    if (this.#random.chance(0.2)) await this.#take();
    else await this.#ask(this.#random.chance(0.75) ? this.#world.auditor : this.#world.agent);
    await this.#go(1 + this.#random.below(3));
  }

  async goOn(): Promise<void> {
    await this.#go(1 + this.#random.below(2));
  }

  /** Looks at everything, and leaves the world's people as they were. */
  async end(): Promise<void> {
    await this.#takeTheRest();
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
        await this.#approve(request, this.#random.pick(['false', 'key-of-another', 'replayed']));
      else if (dice < 0.62) await this.#do([this.#ending(request)]);
      else if (dice < 0.74) await this.#race(request);
      else if (dice < 0.82)
        await this.#look(this.#world.auditor, this.#random.pick(this.#world.records));
      else if (dice < 0.92) await this.#forge(request);
      else await this.#changeAround(request);
    }
  }

  /** A download of a long call begins under a grant; the rest of it is drawn after what follows. */
  async #take(): Promise<void> {
    const { auditor, approvers, long } = this.#world;
    const action = this.#random.pick(TAKEN);
    const [one, other] = this.#random.pick([approvers, approvers.toReversed()]);
    await this.#ask(auditor, { asked: [long], fields: ['media', action] });
    const request = this.#request;
    if (request === undefined || one === undefined || other === undefined) return;
    for (const actor of [one, other]) {
      await this.#do([await this.#approval(request, 'good', actor)]);
    }
    const begun = await Taking.begin(this.#world, auditor, action, this.#tools.clock.now());
    if (typeof begun === 'string') this.#wrong(begun);
    else this.#taking = begun;
    this.#note(`${action} begun`);
  }

  async #takeTheRest(): Promise<void> {
    const taking = this.#taking;
    if (taking === undefined) return;
    const { went, problem } = await taking.end(this.#tools.clock.now(), this.#forged);
    this.#note(`${taking.action} ${went}`);
    if (problem !== undefined) this.#wrong(problem);
  }

  async #ask(asker: Actor, what: { asked?: Call[]; fields?: Field[] } = {}): Promise<void> {
    this.#note('request');
    const asked = await ask(
      this.#world,
      asker,
      { ...what, random: this.#random },
      this.#tools.clock,
    );
    if (typeof asked === 'string') this.#wrong(asked);
    else if (asked !== undefined) {
      this.#request = asked.request;
      this.#canonical = asked.canonical;
    }
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

  async #look(actor: Actor, call: Call): Promise<boolean> {
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
    this.#forged = true;
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
      const { records, long } = this.#world;
      const call = this.#random.pick(this.#taking === undefined ? records : [...records, long]);
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
    const { auditor, agent, records, long } = this.#world;
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
    for (const call of [...records, long])
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

async function setTier(sql: pg.Pool, call: Call, tier: typeof call.tier) {
  if (call.tier === tier) return;
  call.tier = tier;
  await sql.query('update call set tier = $2 where id = $1', [call.id, tier]);
  await sql.query('update record set tier = $2 where id = $1', [call.id, tier]);
}
