import { ApiProblem } from '../api/client.ts';

/** One thing that is wrong in a text of rules. `line` counts from 1. */
export interface RuleProblem {
  line: number;
  /** Path of the field; empty for the text as a whole. */
  field: string;
  text: string;
}

const LINE = /^line (\d+): (.*)$/s;

/** What the archive found wrong in the rules, by line; undefined where it said no for another reason. */
export function ruleProblems(error: unknown): RuleProblem[] | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const { code, errors = [] } = error.problem;
  if (code !== 'RETENTION_PROFILES_INVALID') return undefined;
  return errors.map(({ field, message }) => {
    const [, line, text] = LINE.exec(message) ?? [];
    return { field, line: Number(line ?? 1), text: text ?? message };
  });
}

/** Where a line begins and ends in a text. */
export function lineRange(text: string, line: number): { start: number; end: number } {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1);
  const start = before.reduce((sum, one) => sum + one.length + 1, 0);
  return { start, end: start + (lines[line - 1]?.length ?? 0) };
}
