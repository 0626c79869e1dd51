import { z } from 'zod';

const KINDS = ['copy', 'correction', 'erasure'] as const;
type Kind = (typeof KINDS)[number];
const MOST_DAYS = 365;

/** Settings of what persons ask for. */
export const SUBJECT_SETTINGS = {
  subjectAnswerDays: {
    env: 'VOXKEEP_SUBJECT_ANSWER_DAYS',
    schema: z
      .string()
      .default('15')
      .refine(isAnswerDays, 'is neither days nor copy=DAYS,correction=DAYS,erasure=DAYS')
      .describe('days, or copy=, correction=, erasure=, each with days'),
    about:
      'For how many days a person’s request may be answered, counted from its receipt: one number for all kinds, or `copy=30,erasure=15`; a kind that is not named has 15.',
  },
} as const;

const DEFAULT_DAYS = 15;

/** Days by kind, as the setting has them. */
export function answerDaysOf(text: string): Record<Kind, number> {
  const all = Number(text);
  if (Number.isInteger(all)) return { copy: all, correction: all, erasure: all };
  const days = { copy: DEFAULT_DAYS, correction: DEFAULT_DAYS, erasure: DEFAULT_DAYS };
  for (const [kind, value] of partsOf(text)) days[kind] = value;
  return days;
}

function partsOf(text: string): [Kind, number][] {
  return text.split(',').flatMap((part) => {
    const [name = '', value = ''] = part.split('=').map((piece) => piece.trim());
    const kind = KINDS.find((one) => one === name);
    return kind !== undefined && isDays(value) ? [[kind, Number(value)] as [Kind, number]] : [];
  });
}

function isAnswerDays(text: string): boolean {
  return isDays(text) || partsOf(text).length === text.split(',').length;
}

function isDays(text: string): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_DAYS;
}
