import { expect, it } from 'vitest';
import { dayAfter } from '../../../test/retention/naive-calendar.ts';
import { NaiveModel } from '../../../test/retention/naive-model.ts';
import { Seeded } from '../access/random.ts';
import type { Doors } from './doors.ts';
import { FIRST_RULES } from './house-rules.ts';
import { makeRecords } from './make-records.ts';
import { Story } from './story.ts';

const FROM = new Date('2019-01-01T00:00:00Z');
const UNTIL = new Date('2025-12-31T00:00:00Z');

/** An archive that is another model; `heedless` does not heed holds. */
class ModelDoors implements Doors {
  readonly #model: NaiveModel;
  readonly #heedless: boolean;
  today = '2026-01-01';
  #ids = 0;

  constructor(model: NaiveModel, heedless: boolean) {
    this.#model = model;
    this.#heedless = heedless;
  }

  changeRules: Doors['changeRules'] = async (rules) => this.#model.changeRules(rules);
  tellAnchor: Doors['tellAnchor'] = async (id, anchor, day) =>
    this.#model.tellAnchor(id, anchor, day);
  releaseHold: Doors['releaseHold'] = async (id) => this.#model.releaseHold(id);
  withdraw: Doors['withdraw'] = async (id) => this.#model.withdraw(id);
  closeAccount: Doors['closeAccount'] = async (reference, closure) =>
    this.#model.closeAccount(reference, closure);
  due: Doors['due'] = async () =>
    Object.fromEntries([...this.#model.due(this.today)].map(([name, ids]) => [name, ids.length]));
  dispose: Doors['dispose'] = async () =>
    [...this.#model.dispose(this.today).values()].flat().length;

  placeHold: Doors['placeHold'] = async (aim) => {
    const id = this.#next();
    const late = this.#model.placeHold(id, (record) => {
      if (this.#heedless) return false;
      if ('recordIds' in aim) return aim.recordIds.includes(record.id);
      const { issueType, from, to } = aim.query;
      return record.issueType === issueType && record.calledOn >= from && record.calledOn <= to;
    });
    return { id, late };
  };

  erase: Doors['erase'] = async (phone) => {
    const id = this.#next();
    const { today } = this;
    this.#model.erase(id, (one) => one.phone === phone && one.calledOn <= today);
    return id;
  };

  #next(): string {
    this.#ids += 1;
    return `id-${this.#ids}`;
  }
}

async function live(seed: number, heedless = false) {
  const random = new Seeded(seed);
  const made = makeRecords(random, { tranche: 0, count: 200, from: FROM, until: UNTIL });
  const [model, others] = [new NaiveModel(FIRST_RULES), new NaiveModel(FIRST_RULES)];
  for (const one of made) {
    model.archive(one);
    others.archive(one);
  }
  const doors = new ModelDoors(others, heedless);
  const problems: string[] = [];
  const story = new Story({ doors, model, random, rules: FIRST_RULES, problems });
  for (let day = doors.today; day < '2034-01-01'; day = dayAfter(day, { days: 17 })) {
    doors.today = day;
    await story.goOn(day);
    await story.dispose(day);
  }
  const lines = (one: NaiveModel) => one.ids().map((id) => one.line(id));
  return { problems, story, lines: lines(model), others: lines(others) };
}

it('asks an archive for exactly what it tells the model, of every kind', async () => {
  const { problems, story, lines, others } = await live(7);
  expect(problems).toEqual([]);
  expect(lines).toEqual(others);
  for (const act of ['anchors', 'hold', 'search-hold', 'release', 'closure', 'erasure', 'rules']) {
    expect(story.done.get(act), act).toBeGreaterThan(0);
  }
  for (const ground of ['erasure', 'closure', 'maximum', 'policy']) {
    expect(story.done.get(`gone by ${ground}`), ground).toBeGreaterThan(0);
  }
});

it('notices an archive that does not heed holds', async () => {
  const { problems } = await live(7, true);
  expect(problems.length).toBeGreaterThan(0);
});

it('makes the same records for a seed: UUIDv7 of their moments, and some at a midnight in Shanghai', () => {
  const make = () =>
    makeRecords(new Seeded(3), { tranche: 2, count: 300, from: FROM, until: UNTIL });
  const made = make();
  expect(make()).toEqual(made);
  expect(new Set(made.map(({ id }) => id)).size).toBe(300);
  for (const { id, startedAt } of made) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(startedAt.getTime());
  }
  const times = made.map(({ startedAt }) => startedAt.toISOString().slice(11));
  expect(times).toContain('16:00:00.000Z');
  expect(times).toContain('15:59:59.999Z');
});
