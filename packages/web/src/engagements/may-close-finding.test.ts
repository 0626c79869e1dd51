import { expect, test } from 'vitest';
import { mayCloseFinding } from './may-close-finding.ts';

const ME = { actor: { id: 'me' } };
const BY_ME = { state: 'accepted', answeredBy: { id: 'me' } } as const;
const BY_ANOTHER = { state: 'disputed', answeredBy: { id: 'another' } } as const;

test('its auditors close a finding while the engagement goes on, officers do not', () => {
  expect(mayCloseFinding({ state: 'confirmed', may: ['examine'] }, { state: 'open' }, ME)).toBe(
    'may',
  );
  const officer = { state: 'confirmed' as const, may: ['close' as const, 'answer' as const] };
  expect(mayCloseFinding(officer, BY_ANOTHER, ME)).toBe('auditors');
});

test('once it is over, an officer closes what another person has answered', () => {
  for (const state of ['over', 'closed'] as const) {
    const engagement = { state, may: ['answer' as const] };
    expect(mayCloseFinding(engagement, BY_ANOTHER, ME)).toBe('may');
    expect(mayCloseFinding(engagement, BY_ME, ME)).toBe('another');
    expect(mayCloseFinding(engagement, { state: 'open' }, ME)).toBe('answer-first');
    expect(mayCloseFinding(engagement, { ...BY_ANOTHER, state: 'closed' }, ME)).toBeUndefined();
  }
});

test('auditors of the house close nothing', () => {
  expect(mayCloseFinding({ state: 'over', may: [] }, BY_ANOTHER, ME)).toBeUndefined();
});
