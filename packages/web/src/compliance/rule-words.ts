import type { RetentionRulesView } from '@voxkeep/contract';
import { labelOf } from '../i18n/label-of.ts';
import { writeList } from '../i18n/write-list.ts';
import type { Tone } from './mark.tsx';

export type Rule = RetentionRulesView['profiles'][number];

const UNITS = [
  ['years', 'year'],
  ['months', 'month'],
  ['days', 'day'],
] as const;

/** "5 年", "1 year, 6 months": a period as rules have it. */
export function writePeriod(period: Record<string, number>, language: string): string {
  const parts = UNITS.flatMap(([name, unit]) => {
    const amount = period[name];
    if (amount === undefined) return [];
    const text = new Intl.NumberFormat(language, {
      ...{ style: 'unit', unit, unitDisplay: 'long' },
    }).format(amount);
    // Intl writes 5年; beside Chinese our numbers stand free: 5 年.
    return [text.replace(/(\d)(?=\p{Script=Han})/gu, '$1 ')];
  });
  return parts.join(language.startsWith('zh') ? ' ' : ', ');
}

const APPLIES = [
  ['tier', 'tier'],
  ['industry', 'industry'],
  ['businessType', 'businessType'],
  ['exceptBusinessType', 'businessType'],
] as const;

/** To what a rule applies: the conditions that it has, each with its values in words. */
export function conditionsOf(
  { applies }: Pick<Rule, 'applies'>,
  language: string,
): { name: (typeof APPLIES)[number][0]; values: string }[] {
  return APPLIES.flatMap(([name, vocabulary]) => {
    const codes = applies[name];
    if (codes === undefined) return [];
    const words = codes.map((code) => labelOf(vocabulary, code));
    return [{ name, values: writeList(words, language) }];
  });
}

/** How sure it is that the clause says so. */
const VERIFIED: Record<string, Tone> = {
  read: 'good',
  requirement: 'plain',
  'product-default': 'plain',
  'second-hand': 'soon',
  unchecked: 'soon',
  conflicting: 'bad',
};

/** A mark that nobody here knows is one that somebody has to look at. */
export const toneOfVerified = (verified: string): Tone => VERIFIED[verified] ?? 'soon';

/** Whether somebody still has to read the clause itself. */
export const isOpenQuestion = (verified: string): boolean =>
  ['soon', 'bad'].includes(toneOfVerified(verified));
