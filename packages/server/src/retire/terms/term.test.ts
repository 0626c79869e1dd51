import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TIERS } from '../../record/vocabulary.ts';
import { ANCHORS, loadProfiles, type RetentionCase } from '../retention.ts';
import { reviewsDue } from './remind-reviews.ts';
import { type TermDays, termOf } from './term.ts';
import { changeOf } from './term-change.ts';

const CONFIG = resolve(import.meta.dirname, '../../../../../config/retention.yaml');
const SHIPPED = readFileSync(CONFIG, 'utf8');
const shipped = loadProfiles(SHIPPED);
const CALL: RetentionCase = { tier: 'basic', called: '2026-01-05' };

describe('termOf', () => {
  it('is due after the policy’s time, and not after the maximum', () => {
    expect(termOf(shipped, CALL)).toMatchObject({
      ...{ keepUntil: '2027-01-05', atMost: '2029-01-05', dueOn: '2027-02-04' },
    });
    const late = loadProfiles(SHIPPED.replace('after: { days: 30 }', 'after: { years: 10 }'));
    expect(termOf(late, CALL)).toMatchObject({ atMost: '2029-01-05', dueOn: '2029-01-05' });
    // The minimum is stronger than the maximum.
    const bank = { ...CALL, industry: 'finance' };
    expect(termOf(shipped, bank)).toMatchObject({ keepUntil: '2031-01-05', dueOn: '2031-01-05' });
    const none = loadProfiles(
      SHIPPED.replace('disposal: { after: { days: 30 }, how: delete }', ''),
    );
    expect(termOf(none, CALL)).toMatchObject({ dueOn: '2027-01-05', why: { how: 'delete' } });
  });

  it('takes the disposal of the rule that won', () => {
    const own = loadProfiles(
      SHIPPED.replace(
        'verified: product-default',
        'verified: product-default\n    disposal: { after: { months: 1 }, how: anonymise }',
      ),
    );
    expect(termOf(own, { ...CALL, tier: 'sensitive' })).toMatchObject({
      ...{ rule: 'tier-sensitive', keepUntil: '2031-01-05', dueOn: '2031-02-05' },
      why: { how: 'anonymise' },
    });
    expect(termOf(own, CALL)).toMatchObject({ why: { how: 'delete' } });
  });

  it('is open until the day is told, then counts from it, or from a later call', () => {
    const one = { ...CALL, industry: 'insurance', businessType: 'insurance_short' };
    const open = termOf(shipped, one);
    expect(open).toMatchObject({ openEnded: true, why: { waitsFor: ['contract_end'] } });
    expect([open.dueOn, open.atMost]).toEqual([undefined, undefined]);
    const told = (day: string) => termOf(shipped, { ...one, anchors: { contract_end: day } });
    expect(told('2026-06-30')).toMatchObject({ openEnded: false, keepUntil: '2031-06-30' });
    expect(told('2020-06-30')).toMatchObject({ openEnded: false, keepUntil: '2031-01-05' });
  });

  it('knows a rule for disputes only once the end of one was told', () => {
    const one = { ...CALL, industry: 'insurance', businessType: 'insurance_short' };
    const closed = { contract_end: '2026-06-30' };
    const dispute = { ...closed, dispute_end: '2030-01-01' };
    const ids = (anchors: RetentionCase['anchors']) => {
      const { rule, why } = termOf(shipped, { ...one, anchors });
      return [rule, ...why.alsoApplied.map((other) => other.rule)];
    };
    expect(ids(closed)).not.toContain('insurance-dispute');
    expect(ids(dispute)[0]).toBe('insurance-dispute');
    expect(termOf(shipped, { ...one, anchors: dispute }).keepUntil).toBe('2032-01-01');
  });

  it('never lets a day that is told end a call before what was promised without it (property)', () => {
    const codes = (name: 'industry' | 'businessType') => [
      undefined,
      ...shipped.profiles.flatMap((profile) => profile.applies[name] ?? []),
    ];
    const day = fc
      .date({ min: new Date('2000-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
      .map((at) => at.toISOString().slice(0, 10));
    fc.assert(
      fc.property(
        fc.record({
          ...{ tier: fc.constantFrom(...TIERS), called: day },
          industry: fc.constantFrom(...codes('industry')),
          businessType: fc.constantFrom(...codes('businessType')),
        }),
        fc.dictionary(fc.constantFrom(...ANCHORS), day),
        (one, anchors) => {
          const [before, after] = [termOf(shipped, one), termOf(shipped, { ...one, anchors })];
          expect(after.keepUntil >= before.keepUntil).toBe(true);
          expect(after.openEnded && !before.openEnded).toBe(false);
          if (after.dueOn !== undefined) expect(after.dueOn >= after.keepUntil).toBe(true);
          if (after.dueOn !== undefined && after.atMost !== undefined) {
            expect(after.dueOn <= after.atMost).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('changeOf', () => {
  const days = (more: Partial<TermDays> = {}): TermDays => ({
    ...{ keepUntil: '2030-01-01', openEnded: false, dueOn: '2030-02-01' },
    ...more,
  });
  it.each([
    [{}, {}, undefined],
    [{}, { keepUntil: '2031-01-01' }, 'longer'],
    [{}, { keepUntil: '2029-01-01' }, 'shorter'],
    [{}, { openEnded: true, dueOn: undefined }, 'opens'],
    [{ openEnded: true, dueOn: undefined }, { keepUntil: '2040-01-01' }, 'closes'],
    [{}, { dueOn: '2030-01-15' }, 'sooner'],
    [{}, { dueOn: '2030-03-01' }, 'later'],
    [{}, { atMost: '2035-01-01' }, 'sooner'],
    [{ atMost: '2035-01-01' }, {}, 'later'],
    [{ atMost: '2035-01-01' }, { atMost: '2034-01-01' }, 'sooner'],
  ] as const)('%j to %j is %s', (before, after, change) => {
    expect(changeOf(days(before), days(after))).toBe(change);
  });
});

describe('profiles', () => {
  it('are due for review on their day and after it', () => {
    const due = (today: string) => reviewsDue(shipped, today).map(({ rule }) => rule);
    expect(due('2027-06-29')).toEqual([]);
    expect(due('2027-06-30')).toContain('suitability');
    expect(due('2027-06-30')).not.toContain('insurance-short');
  });
});
