import { describe, expect, it } from 'vitest';
import { dayAfter, dayInShanghai } from './naive-calendar.ts';
import { NaiveModel, type NaiveRecord, type NaiveRules, termOf } from './naive-model.ts';

const RULES: NaiveRules = {
  profiles: [
    {
      id: 'tier-basic',
      applies: { tier: ['basic'] },
      keep: { years: 1 },
      atMost: { years: 3 },
    },
    { id: 'bank', applies: { industry: ['finance'] }, keep: { years: 5 } },
    {
      id: 'identity',
      applies: { businessType: ['aml_identity'] },
      keep: { years: 10 },
      from: 'relationship_end',
    },
  ],
  after: { months: 3 },
};
const CALL: NaiveRecord = {
  ...{ id: 'a', calledOn: '2024-02-29', tier: 'basic', issueType: '业务咨询' },
  ...{ agentId: '001', phone: '13800000001', account: 'A1' },
};
const model = (...records: Partial<NaiveRecord>[]) => {
  const made = new NaiveModel(RULES);
  for (const one of records) made.archive({ ...CALL, ...one });
  return made;
};

describe('days', () => {
  it.each([
    ['2024-02-29', { years: 1 }, '2025-02-28'],
    ['2024-02-29', { years: 4 }, '2028-02-29'],
    ['2023-12-31', { months: 2 }, '2024-02-29'],
    ['2023-12-31', { months: 2, days: 1 }, '2024-03-01'],
    ['2025-12-31', { days: 366 }, '2027-01-01'],
    ['2025-01-31', { years: 1, months: 13 }, '2027-02-28'],
  ])('%s and a period is the day that the page names', (from, period, day) => {
    expect(dayAfter(from, period)).toBe(day);
  });

  it('begin at midnight in Shanghai', () => {
    expect(dayInShanghai(new Date('2026-03-01T15:59:59.999Z'))).toBe('2026-03-01');
    expect(dayInShanghai(new Date('2026-03-01T16:00:00Z'))).toBe('2026-03-02');
  });
});

describe('a term', () => {
  it('is the longest, and ends with the policy, but never after the maximum', () => {
    expect(termOf(RULES, CALL, new Map())).toEqual({
      ...{ keepUntil: '2025-02-28', openEnded: false, rule: 'tier-basic' },
      ...{ atMost: '2027-02-28', dueOn: '2025-05-28' },
    });
    expect(termOf(RULES, { ...CALL, industry: 'finance' }, new Map())).toEqual({
      ...{ keepUntil: '2029-02-28', openEnded: false, rule: 'bank' },
      // The longest maximum is over before the minimum: the minimum is stronger.
      ...{ atMost: '2029-02-28', dueOn: '2029-02-28' },
    });
  });

  it('is open ended until the day is told that it counts from', () => {
    const record = { ...CALL, businessType: 'aml_identity', industry: 'finance' };
    expect(termOf(RULES, record, new Map())).toEqual({
      ...{ keepUntil: '2034-02-28', openEnded: true, rule: 'identity' },
    });
    const told = termOf(RULES, record, new Map([['relationship_end', '2025-05-05']]));
    expect(told).toMatchObject({ keepUntil: '2035-05-05', openEnded: false, rule: 'identity' });
  });
});

describe('a profile', () => {
  const [basic] = RULES.profiles;
  it('that is for a told day only holds from then on, and never counts from before the call', () => {
    const dispute = { ...{ id: 'dispute', applies: { tier: ['basic'] }, keep: { years: 9 } } };
    const rules = {
      profiles: [...RULES.profiles, { ...dispute, from: 'dispute_end', whenTold: true }],
    };
    expect(termOf(rules, CALL, new Map())).toMatchObject({ rule: 'tier-basic', openEnded: false });
    expect(termOf(rules, CALL, new Map([['dispute_end', '2020-01-01']]))).toMatchObject({
      ...{ rule: 'dispute', keepUntil: '2033-02-28', openEnded: false },
    });
  });

  it('that won decides how long after the minimum a record goes, where it says so', () => {
    const own = { ...basic, id: 'own', disposal: { after: { days: 3 } } };
    const rules = { profiles: [own], after: { years: 9 } } as NaiveRules;
    expect(termOf(rules, CALL, new Map())).toMatchObject({ dueOn: '2025-03-03' });
  });
});

describe('a closed account', () => {
  it('has the calls that name it, and those of its number that name none and came before', () => {
    const made = model(
      { id: 'a' },
      { id: 'b', account: 'B1' },
      { ...{ id: 'c', calledOn: '2024-06-01' } },
      { ...{ id: 'd', calledOn: '2024-06-02' } },
    );
    made.closeAccount('x', { account: 'A9', phone: CALL.phone, closedOn: '2024-06-01' });
    expect(['a', 'b', 'c', 'd'].map((id) => made.line(id).split('|')[0])).toEqual(
      Array.from({ length: 4 }, () => 'archived'),
    );
    const { account, ...nameless } = CALL;
    expect(account).toBe('A1');
    made.archive({ ...nameless, id: 'e', calledOn: '2024-06-01' });
    made.archive({ ...nameless, id: 'f', calledOn: '2024-06-02' });
    expect(made.line('e')).toMatch(/^restricted/);
    expect(made.line('f')).toMatch(/^archived/);
  });
});

describe('what goes', () => {
  it('goes by policy, and at its minimum already when a closed account or an erasure wants it', () => {
    const made = model(
      { id: 'a' },
      { id: 'b', account: 'B1' },
      { id: 'c', account: 'C1', phone: '13900000000' },
    );
    made.closeAccount('closure', { account: 'B1', closedOn: '2024-06-01' });
    made.erase('erasure', ({ phone }) => phone === '13900000000');
    expect(made.line('a')).toMatch(/^archived/);
    expect(made.line('b')).toMatch(/^restricted/);
    expect([...made.due('2025-02-27').values()].flat()).toEqual([]);
    expect(made.due('2025-02-28')).toEqual(
      new Map([
        ['closure', ['b']],
        ['erasure', ['c']],
      ]),
    );
    expect(made.due('2025-05-28').get('policy')).toEqual(['a']);
    made.withdraw('erasure');
    expect(made.line('c')).toMatch(/^archived/);
    expect(made.verdict('c', '2025-02-28')).toEqual({ goes: false, because: 'not-due' });
  });

  it('does not go while one of several holds is there', () => {
    const made = model({ id: 'a' });
    made.placeHold('one', () => true);
    made.placeHold('two', ({ agentId }) => agentId === '001');
    expect(made.verdict('a', '2040-01-01')).toEqual({ goes: false, because: 'held' });
    made.releaseHold('one');
    expect(made.dispose('2040-01-01').size).toBe(0);
    made.releaseHold('two');
    expect(made.dispose('2040-01-02')).toEqual(new Map([['maximum', ['a']]]));
    expect(made.line('a')).toBe('disposed|2040-01-02|maximum');
    expect(made.placeHold('three', () => true)).toBe(1);
    expect(made.dispose('2040-01-03').size).toBe(0);
  });

  it('does not matter for a record that comes after a hold or a closure: they catch it', () => {
    const made = model();
    made.placeHold('hold', ({ issueType }) => issueType === '业务咨询');
    made.closeAccount('closure', { account: 'A1', closedOn: '2024-02-01' });
    made.archive(CALL);
    expect(made.line('a')).toMatch(/^restricted.*\|1\|1$/);
  });

  it('follows other rules, longer or shorter', () => {
    const made = model({ id: 'a' });
    const [basic] = RULES.profiles;
    if (basic === undefined) throw new Error('no profile');
    made.changeRules({ profiles: [{ ...basic, keep: { years: 2 } }], after: {} });
    expect(made.termOf('a')).toMatchObject({ keepUntil: '2026-02-28', dueOn: '2026-02-28' });
    made.changeRules({ profiles: [{ ...basic, keep: { days: 1 } }] });
    expect(made.termOf('a')).toMatchObject({ keepUntil: '2024-03-01', dueOn: '2024-03-01' });
  });
});
