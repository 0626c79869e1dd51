import type { Problem } from '@voxkeep/contract';
import { ApiProblem } from '../api/client.ts';
import { codeWords, labelOf } from '../i18n/label-of.ts';

/** Codes whose words the archive says itself: they name the rule and the day. */
const SAID_THERE = new Set(['FORBIDDEN', 'RECORD_RESTRICTED']);

/** One sentence for what went wrong: a refusal's own reason, otherwise what its code means. */
export function problemSentence(error: unknown): string {
  if (!(error instanceof ApiProblem)) return error instanceof Error ? error.message : String(error);
  const { code, detail } = error.problem;
  // A refusal is written by the policy, in the viewer's language and for the record at hand.
  return SAID_THERE.has(code) ? detail : (codeWords(code) ?? detail);
}

/** What to mend, each field by the name that the pages give it. */
export function fieldProblems(problem: Problem): { field: string; name: string; text: string }[] {
  const { errors, field, title } = problem;
  if (errors !== undefined) {
    return errors.map((one) => ({
      field: one.field,
      name: fieldName(one.field),
      text: wrongWords(one.message),
    }));
  }
  if (field === undefined) return [];
  return [{ field, name: fieldName(field), text: codeWords(problem.code) ?? title }];
}

/** 'metadata/agent/id' is the field that the form calls 坐席工号. */
export function fieldName(path: string): string {
  const parts = path.split('/');
  const inner = parts.length > 1 ? parts.slice(1) : parts;
  const key = inner.filter((part) => !/^\d+$/.test(part)).join('_');
  const name = labelOf('field', key);
  return name === key ? path : name;
}

/** 'is required' in the reader's language; a sentence without words stays as it is. */
export function wrongWords(message: string): string {
  const key = message.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, '');
  const words = labelOf('wrong', key);
  return words === key ? message : words;
}
