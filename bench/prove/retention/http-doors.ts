import type {
  ClosureView,
  HoldPlaced,
  HoldView,
  RetentionApplied,
  RetentionPreview,
  RetentionRulesView,
  SubjectRequestView,
} from '@voxkeep/contract';
import { dayInShanghai } from '../../../test/retention/naive-calendar.ts';
import type { NaiveClosure, NaiveRules } from '../../../test/retention/naive-model.ts';
import type { ArchiveClock } from '../access/clock.ts';
import type { Person } from '../access/people.ts';
import { ask, until } from './ask.ts';
import { DisposalRuns } from './disposal-runs.ts';
import type { Doors, HoldAim } from './doors.ts';
import { yamlOf } from './house-rules.ts';
import { SOURCE_SYSTEM } from './seed-records.ts';
import type { Staff } from './staff.ts';

/** The archive's own doors, over HTTP. */
export class HttpDoors implements Doors {
  readonly runs: DisposalRuns;
  readonly #staff: Staff;
  readonly #clock: ArchiveClock;

  constructor(staff: Staff, clock: ArchiveClock) {
    this.runs = new DisposalRuns(staff);
    this.#staff = staff;
    this.#clock = clock;
  }

  /** With a look beforehand; what keeps records shorter takes the second officer too. */
  async changeRules(rules: NaiveRules): Promise<void> {
    const yaml = yamlOf(rules);
    const preview = (person: Person) =>
      ask<RetentionPreview>(person, 'POST', '/retention/rules/preview', { rules: yaml });
    const { officer, second } = this.#staff;
    for (const person of [officer, second]) {
      const { digest } = await preview(person);
      const body = { rules: yaml, digest, acceptShorter: true };
      const { state } = await ask<RetentionApplied>(person, 'POST', '/retention/rules', body);
      if (state === 'done') break;
      if (person === second) throw new Error('two officers do not suffice to change the rules');
    }
    await until(async () => {
      const { inForce, walk } = await ask<RetentionRulesView>(officer, 'GET', '/retention/rules');
      return inForce.rules === yaml && inForce.endedAt !== undefined && walk.given === walk.of;
    }, 'the walk that gives terms');
  }

  async tellAnchor(recordId: string, anchor: string, day: string): Promise<void> {
    await ask(this.#staff.officer, 'PUT', `/records/${recordId}/anchors/${anchor}`, { day });
  }

  /** Placed by one officer; only another one releases it. */
  async placeHold(aim: HoldAim): Promise<{ id: string; late: number }> {
    const chosen = 'query' in aim ? { search: aim.query } : aim;
    const body = { matter: '演练事项', reason: '为演练而设', ...chosen };
    const { officer } = this.#staff;
    const { hold, tooLate } = await ask<HoldPlaced>(officer, 'POST', '/holds', body);
    if ('query' in aim) {
      await until(
        async () => !(await ask<HoldView>(officer, 'GET', `/holds/${hold.id}`)).walking,
        `the search of hold ${hold.id}`,
      );
    }
    return { id: hold.id, late: tooLate.length };
  }

  async releaseHold(id: string): Promise<void> {
    const { second } = this.#staff;
    await ask(second, 'POST', `/holds/${id}/release`, { reason: '演练结束' });
    await until(
      async () => (await ask<HoldView>(second, 'GET', `/holds/${id}`)).records === 0,
      `the release of hold ${id}`,
    );
  }

  async closeAccount(reference: string, closure: NaiveClosure): Promise<void> {
    const { officer } = this.#staff;
    const body = { reference, sourceSystem: SOURCE_SYSTEM, ...closure };
    await ask(officer, 'POST', '/account-closures', body);
    await until(async () => {
      const path = `/account-closures/${reference}`;
      return (await ask<ClosureView>(officer, 'GET', path)).state === 'done';
    }, `the closure ${reference}`);
  }

  /** Entered by one officer and granted by another. */
  async erase(phone: string): Promise<string> {
    const { officer, second } = this.#staff;
    const receivedOn = dayInShanghai(this.#clock.now());
    const body = { kind: 'erasure', phone, identity: '当面核对证件', receivedOn };
    const { id } = await ask<SubjectRequestView>(officer, 'POST', '/subject-requests', body);
    await ask(second, 'POST', `/subject-requests/${id}/grant`);
    await until(async () => {
      const path = `/subject-requests/${id}`;
      return (await ask<SubjectRequestView>(officer, 'GET', path)).state === 'done';
    }, `the request ${id}`);
    return id;
  }

  async withdraw(requestId: string): Promise<void> {
    const body = { reason: '本人撤回' };
    await ask(this.#staff.officer, 'POST', `/subject-requests/${requestId}/withdraw`, body);
    await until(async () => {
      const path = `/subject-requests/${requestId}`;
      const { restricted } = await ask<SubjectRequestView>(this.#staff.officer, 'GET', path);
      return restricted === 0;
    }, `the withdrawal of ${requestId}`);
  }

  due(): Promise<Record<string, number>> {
    return this.runs.due();
  }

  dispose(): Promise<number> {
    return this.runs.disposeAll();
  }
}
