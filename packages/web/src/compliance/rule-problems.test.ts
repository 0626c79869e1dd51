import type { Problem } from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { ApiProblem } from '../api/client.ts';
import { lineRange, ruleProblems } from './rule-problems.ts';

const problem = (more: Partial<Problem>) =>
  new ApiProblem({
    ...{ type: 'about:blank', title: 't', status: 422, detail: 'd', requestId: 'r' },
    ...{ code: 'RETENTION_PROFILES_INVALID', ...more },
  });

test('what is wrong in rules is told by line and field, whole sentences too', () => {
  const errors = [
    { field: 'profiles/1/id', message: 'line 17: is used twice' },
    { field: '', message: 'line 3: two\nlines' },
    { field: 'x', message: 'no line' },
  ];
  expect(ruleProblems(problem({ errors }))).toEqual([
    { line: 17, field: 'profiles/1/id', text: 'is used twice' },
    { line: 3, field: '', text: 'two\nlines' },
    { line: 1, field: 'x', text: 'no line' },
  ]);
});

test('another refusal is no list of lines', () => {
  expect(ruleProblems(problem({ code: 'RETENTION_WALKING' }))).toBeUndefined();
  expect(ruleProblems(new Error('x'))).toBeUndefined();
});

test('a line is found in its text, the last one and one that is not there as well', () => {
  const text = 'one\ntwo\n\nfour';
  const of = (line: number) => {
    const { start, end } = lineRange(text, line);
    return text.slice(start, end);
  };
  expect([1, 2, 3, 4].map(of)).toEqual(['one', 'two', '', 'four']);
  expect(of(9)).toBe('');
});
