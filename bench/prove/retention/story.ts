import { dayAfter } from '../../../test/retention/naive-calendar.ts';
import type { NaiveModel, NaiveRecord, NaiveRules } from '../../../test/retention/naive-model.ts';
import type { Seeded } from '../access/random.ts';
import type { Doors } from './doors.ts';
import { changedRules } from './house-rules.ts';

/** The anchors that people tell one by one; closures tell the other two. */
const TOLD = ['contract_end', 'transaction_end', 'product_end', 'dispute_end'];
const MOST_HOLDS = 6;

type Act =
  | 'anchors'
  | 'hold'
  | 'search-hold'
  | 'release'
  | 'closure'
  | 'erasure'
  | 'withdraw'
  | 'rules';
const ACTS: readonly [Act, weight: number][] = [
  ['anchors', 6],
  ['hold', 3],
  ['search-hold', 2],
  ['release', 3],
  ['closure', 5],
  ['erasure', 4],
  ['withdraw', 1],
  ['rules', 1],
];

/** What happens to the archive by and by: each thing is asked of it, then told to the model. */
export class Story {
  readonly done = new Map<string, number>();
  readonly #doors: Doors;
  readonly #model: NaiveModel;
  readonly #random: Seeded;
  readonly #problems: string[];
  #rules: NaiveRules;
  #holds: string[] = [];
  #erasures: string[] = [];
  readonly #closed = new Set<string>();

  constructor(parts: {
    doors: Doors;
    model: NaiveModel;
    random: Seeded;
    rules: NaiveRules;
    problems: string[];
  }) {
    this.#doors = parts.doors;
    this.#model = parts.model;
    this.#random = parts.random;
    this.#rules = parts.rules;
    this.#problems = parts.problems;
  }

  /** Something that fits the day. */
  async goOn(today: string): Promise<void> {
    const act = this.#choose();
    const times = await this.#act(act, today);
    if (times > 0) this.#note(act, times);
  }

  /** Other rules, whatever they are: every record is given its term by them. */
  async changeRules(): Promise<void> {
    this.#rules = changedRules(this.#rules, this.#random);
    await this.#doors.changeRules(this.#rules);
    this.#model.changeRules(this.#rules);
    this.#note('rules', 1);
  }

  /** Whatever is due goes, and the archive's own list says beforehand what that is. */
  async dispose(today: string): Promise<void> {
    const due = this.#model.due(today);
    const told = await this.#doors.due();
    for (const ground of ['erasure', 'closure', 'maximum', 'policy'] as const) {
      const count = due.get(ground)?.length ?? 0;
      if ((told[ground] ?? 0) === count) continue;
      this.#problems.push(
        `${today}: ${told[ground] ?? 0} records are due by ${ground}, should be ${count}`,
      );
    }
    const count = [...due.values()].reduce((sum, ids) => sum + ids.length, 0);
    if (count === 0) return;
    const gone = await this.#doors.dispose();
    if (gone !== count) this.#problems.push(`${today}: ${gone} records went, should be ${count}`);
    this.#model.dispose(today);
    for (const [ground, ids] of due) this.#note(`gone by ${ground}`, ids.length);
    this.#note('runs', 1);
  }

  #choose(): Act {
    if (this.#holds.length > MOST_HOLDS) return 'release';
    let left = this.#random.below(ACTS.reduce((sum, [, weight]) => sum + weight, 0));
    for (const [act, weight] of ACTS) {
      left -= weight;
      if (left < 0) return act;
    }
    return 'anchors';
  }

  async #act(act: Act, today: string): Promise<number> {
    switch (act) {
      case 'anchors':
        return this.#tellAnchors(today);
      case 'hold':
        return this.#hold();
      case 'search-hold':
        return this.#searchHold();
      case 'release':
        return this.#release();
      case 'closure':
        return this.#close(today);
      case 'erasure':
        return this.#erase(today);
      case 'withdraw':
        return this.#withdraw();
      case 'rules':
        await this.changeRules();
        return 0;
    }
  }

  /** Of up to three records whose end nobody knows yet, and now and then of one that has its day. */
  async #tellAnchors(today: string): Promise<number> {
    const open = this.#some(20).filter(({ id }) => this.#model.termOf(id).openEnded);
    const others = this.#random.chance(0.2) ? this.#some(1) : [];
    const chosen = [...open.slice(0, 3), ...others];
    for (const { id, calledOn } of chosen) {
      const later = dayAfter(calledOn, { days: this.#random.below(900) });
      const day = later > today ? today : later;
      const anchor = this.#random.pick(TOLD);
      await this.#doors.tellAnchor(id, anchor, day);
      this.#model.tellAnchor(id, anchor, day);
    }
    return chosen.length;
  }

  async #hold(): Promise<number> {
    const ids = new Set(this.#all(1 + this.#random.below(12)).map(({ id }) => id));
    if (ids.size === 0) return 0;
    const { id, late } = await this.#doors.placeHold({ recordIds: [...ids] });
    this.#placed(id, late, (record) => ids.has(record.id));
    return 1;
  }

  async #searchHold(): Promise<number> {
    const [like] = this.#all(1);
    if (like === undefined) return 0;
    const { issueType, calledOn } = like;
    const from = `${Number(calledOn.slice(0, 4)) - this.#random.below(2)}${calledOn.slice(4, 8)}01`;
    const to = dayAfter(calledOn, { months: this.#random.below(18) });
    const { id } = await this.#doors.placeHold({ query: { issueType, from, to } });
    this.#placed(
      id,
      undefined,
      (record) =>
        record.issueType === issueType && record.calledOn >= from && record.calledOn <= to,
    );
    return 1;
  }

  #placed(id: string, late: number | undefined, catches: (record: NaiveRecord) => boolean): void {
    const expected = this.#model.placeHold(id, catches);
    if (late !== undefined && late !== expected) {
      this.#problems.push(`hold ${id} came too late for ${late} records, should be ${expected}`);
    }
    this.#holds.push(id);
  }

  async #release(): Promise<number> {
    if (this.#holds.length === 0) return 0;
    const id = this.#random.pick(this.#holds);
    await this.#doors.releaseHold(id);
    this.#model.releaseHold(id);
    this.#holds = this.#holds.filter((one) => one !== id);
    return 1;
  }

  async #close(today: string): Promise<number> {
    const [like] = this.#some(1);
    if (like?.account === undefined || this.#closed.has(like.account)) return 0;
    const closedOn = this.#random.chance(0.7) ? today : dayAfter(like.calledOn, { days: 1 });
    if (closedOn > today) return 0;
    this.#closed.add(like.account);
    const reference = `closure-${this.#closed.size}`;
    const withPhone = this.#random.chance(0.4) ? { phone: like.phone } : {};
    const closure = { account: like.account, closedOn, ...withPhone };
    await this.#doors.closeAccount(reference, closure);
    this.#model.closeAccount(reference, closure);
    return 1;
  }

  /** Of the person's calls until today: later ones are another matter. */
  async #erase(today: string): Promise<number> {
    const [like] = this.#some(1);
    if (like === undefined) return 0;
    const id = await this.#doors.erase(like.phone);
    this.#model.erase(id, ({ phone, calledOn }) => phone === like.phone && calledOn <= today);
    this.#erasures.push(id);
    return 1;
  }

  async #withdraw(): Promise<number> {
    if (this.#erasures.length === 0) return 0;
    const id = this.#random.pick(this.#erasures);
    await this.#doors.withdraw(id);
    this.#model.withdraw(id);
    this.#erasures = this.#erasures.filter((one) => one !== id);
    return 1;
  }

  /** Records that are still there. */
  #some(count: number): NaiveRecord[] {
    return this.#all(count * 4)
      .filter(({ id }) => !this.#model.line(id).startsWith('disposed'))
      .slice(0, count);
  }

  #all(count: number): NaiveRecord[] {
    const ids = this.#model.ids();
    if (ids.length === 0) return [];
    const chosen = new Set(Array.from({ length: count }, () => this.#random.pick(ids)));
    return [...chosen].map((id) => this.#model.get(id));
  }

  #note(what: string, times: number): void {
    this.done.set(what, (this.done.get(what) ?? 0) + times);
  }
}
