import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { RetentionLine } from '@voxkeep/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hasCode } from '../core/errors.ts';
import { TIERS } from '../record/vocabulary.ts';
import {
  disposeBy,
  loadProfiles,
  type RetentionInput,
  type RetentionProfilesInvalid,
  retentionFor,
} from './retention.ts';

const config = resolve(import.meta.dirname, '../../../../config');
const text = readFileSync(resolve(config, 'retention.yaml'), 'utf8');
const profiles = loadProfiles(text);

const at = (more: Partial<RetentionInput> = {}): RetentionInput => ({
  tier: 'basic',
  startedAt: new Date('2026-01-05T04:00:00Z'),
  timeZone: 'Asia/Shanghai',
  ...more,
});
const keep = (more: Partial<RetentionInput>) => retentionFor(profiles, at(more));

describe('retentionFor', () => {
  it.each([
    ['basic', undefined, undefined, '2027-01-05', 'tier-basic', false],
    ['core', undefined, undefined, '2031-01-05', 'tier-core', false],
    ['sensitive', undefined, undefined, '2031-01-05', 'tier-sensitive', false],
    ['basic', 'government', undefined, '2031-01-05', 'government-hotline', false],
    ['basic', 'ecommerce', undefined, '2029-01-05', 'ecommerce', false],
    ['core', 'ecommerce', undefined, '2031-01-05', 'tier-core', false],
    ['basic', 'securities', undefined, '2046-01-05', 'securities-firms', false],
    ['basic', 'securities', 'securities_service', '2036-01-05', 'securities-service-bodies', true],
    ['basic', 'insurance', undefined, '2036-01-05', 'insurance', true],
    ['basic', 'insurance', 'insurance_short', '2031-01-05', 'insurance-short', true],
    ['sensitive', 'finance', 'loan_enquiry', '2031-01-05', 'tier-sensitive', false],
    ['sensitive', 'finance', 'aml_identity', '2036-01-05', 'aml-identity', true],
    ['sensitive', 'healthcare', 'medical_record', '2041-01-05', 'medical-record', false],
    ['core', 'finance', 'wealth_dual_recording', '2031-01-05', 'wealth-dual-recording', true],
    ['basic', undefined, 'outbound_call_centre', '2027-01-05', 'tier-basic', false],
    ['basic', 'unheard_of', 'unheard_of', '2027-01-05', 'tier-basic', false],
  ] as const)(
    '%s, %s, %s: until %s by %s',
    (tier, industry, businessType, keepUntil, rule, openEnded) => {
      expect(keep({ tier, industry, businessType })).toMatchObject({ keepUntil, rule, openEnded });
    },
  );

  it('lists what else applied, with its clause and day', () => {
    const { alsoApplied } = keep({ tier: 'core', businessType: 'outbound_call_centre' });
    expect(alsoApplied).toMatchObject([{ rule: 'outbound-call-centre', keepUntil: '2026-02-04' }]);
    expect(alsoApplied[0]?.clause).toContain('三十日');
  });

  it('counts from the day that the zone shows, not from UTC', () => {
    const startedAt = new Date('2026-12-31T16:30:00Z');
    expect(keep({ startedAt }).keepUntil).toBe('2028-01-01');
    expect(keep({ startedAt, timeZone: 'UTC' }).keepUntil).toBe('2027-12-31');
    expect(keep({ startedAt, timeZone: 'America/New_York' }).keepUntil).toBe('2027-12-31');
  });

  it('clamps to the end of the month', () => {
    expect(keep({ startedAt: new Date('2024-02-29T04:00:00Z') }).keepUntil).toBe('2025-02-28');
    const months = loadProfiles(text.replace('keep: { years: 1 }', 'keep: { months: 6 }'));
    const startedAt = new Date('2026-08-31T04:00:00Z');
    expect(retentionFor(months, at({ startedAt })).keepUntil).toBe('2027-02-28');
  });

  it('has the shape that the contract shows, and never less than any profile that applies (property)', () => {
    const codes = (name: 'industry' | 'businessType') => [
      undefined,
      ...profiles.profiles.flatMap((profile) => profile.applies[name] ?? []),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...TIERS),
        fc.constantFrom(...codes('industry')),
        fc.constantFrom(...codes('businessType')),
        fc.date({ min: new Date('2000-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
        (tier, industry, businessType, startedAt) => {
          const line = keep({ tier, industry, businessType, startedAt });
          expect(RetentionLine.parse(line)).toEqual(line);
          for (const other of line.alsoApplied) {
            expect(other.keepUntil <= line.keepUntil).toBe(true);
          }
          const wider = keep({ tier, startedAt });
          expect(wider.keepUntil <= line.keepUntil).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('disposeBy', () => {
  it('is the maximum, never before the minimum, and open while an anchor is unknown', () => {
    expect(disposeBy(profiles, at())).toBe('2029-01-05');
    expect(disposeBy(profiles, at({ industry: 'government' }))).toBe('2031-01-05');
    expect(disposeBy(profiles, at({ tier: 'core' }))).toBeUndefined();
    expect(disposeBy(profiles, at({ industry: 'insurance' }))).toBeUndefined();
  });
});

describe('loadProfiles', () => {
  const problemsOf = (yaml: string) => {
    try {
      loadProfiles(yaml);
    } catch (error) {
      expect(hasCode(error, 'RETENTION_PROFILES_INVALID')).toBe(true);
      return (error as RetentionProfilesInvalid).problems.map((one) => `${one.line} ${one.field}`);
    }
    throw new Error('was accepted');
  };
  const lineOf = (yaml: string, part: string) =>
    yaml.slice(0, yaml.indexOf(part)).split('\n').length;

  it('names every problem at once, with line and field', () => {
    const broken = text
      .replace('id: tier-core', 'id: Tier Core')
      .replace('verified: unchecked', 'verified: maybe')
      .replace('keep: { days: 30 }', 'keep: { days: 0 }');
    expect(problemsOf(broken)).toEqual([
      `${lineOf(broken, 'id: Tier Core')} profiles/1/id`,
      `${lineOf(broken, 'verified: maybe')} profiles/4/verified`,
      `${lineOf(broken, 'days: 0')} profiles/12/keep/days`,
    ]);
  });

  it('refuses a tier without an end, an id used twice, an empty period and broken YAML', () => {
    expect(problemsOf(text.replace('tier: [core]', 'tier: [basic]'))[0]).toMatch(/ profiles$/);
    expect(problemsOf(text.replace('id: telecom', 'id: finance'))[0]).toMatch(/ profiles\/9\/id$/);
    expect(problemsOf(text.replace('keep: { days: 30 }', 'keep: {}'))[0]).toMatch(
      /profiles\/12\/keep$/,
    );
    expect(problemsOf('version: [')).not.toEqual([]);
  });

  it('uses codes that classification knows', () => {
    interface Named {
      industries: { id: string }[];
      businessTypes: { id: string }[];
    }
    const known = parse(readFileSync(resolve(config, 'classification.yaml'), 'utf8')) as Named;
    for (const { applies } of profiles.profiles) {
      const types = [...(applies.businessType ?? []), ...(applies.exceptBusinessType ?? [])];
      expect(known.businessTypes.map((one) => one.id)).toEqual(expect.arrayContaining(types));
      expect(known.industries.map((one) => one.id)).toEqual(
        expect.arrayContaining(applies.industry ?? []),
      );
    }
  });
});
