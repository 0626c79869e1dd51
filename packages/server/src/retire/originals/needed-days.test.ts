import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProfiles } from '../retention.ts';
import { neededDays } from './needed-until.ts';

const file = resolve(import.meta.dirname, '../../../../../config/retention.yaml');
const shipped = readFileSync(file, 'utf8');
const withOriginals = (line: string) =>
  loadProfiles(shipped.replace(/^version: 1$/m, `version: 1\noriginals: ${line}`));

describe('neededDays', () => {
  const own = withOriginals(
    '{ default: { days: 5 }, byBusinessType: { suitability: { days: 30 } } }',
  );

  it('is the business type’s own, or else that of all, or else the setting', () => {
    expect(neededDays(own, 'suitability', 7)).toEqual({ days: 30, businessType: 'suitability' });
    expect(neededDays(own, 'loan_enquiry', 7)).toEqual({ days: 5 });
    expect(neededDays(own, undefined, 7)).toEqual({ days: 5 });
    expect(neededDays(loadProfiles(shipped), 'suitability', 7)).toEqual({ days: 7 });
  });

  it('is no time at all where the rules say none', () => {
    const none = withOriginals('{ byBusinessType: { suitability: { days: 0 } } }');
    expect(neededDays(none, 'suitability', 7)).toEqual({ days: 0, businessType: 'suitability' });
  });

  it('is not taken from what every object has of its own', () => {
    expect(neededDays(own, 'constructor', 7)).toEqual({ days: 5 });
  });

  it.each([
    '{ default: { days: -1 } }',
    '{ default: { years: 1 } }',
    '{ byBusinessType: { Loan: { days: 1 } } }',
    '{ atMost: { days: 9999 } }',
    '{ forever: true }',
  ])('refuses %s by its code', (line) => {
    expect(() => withOriginals(line)).toThrow(
      expect.objectContaining({ code: 'RETENTION_PROFILES_INVALID' }),
    );
  });
});
