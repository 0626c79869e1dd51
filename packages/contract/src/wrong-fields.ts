import type { z } from 'zod';

/** A field that has to be mended, as a path from `where`: 'query/from', 'metadata/agent/id'. */
export interface WrongField {
  field: string;
  message: string;
}

/** Every field that a check found wrong; the values themselves are never repeated. */
export function wrongFields(error: z.ZodError, where: string): WrongField[] {
  return error.issues.flatMap((issue) => {
    const path = [where, ...issue.path.map(String)];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        field: [...path, key.slice(0, 60)].join('/'),
        message: 'is not a known field',
      }));
    }
    const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
    return [{ field: path.join('/'), message: missing ? 'is required' : issue.message }];
  });
}

/**
 * Texts that no part of the archive can hold as they were meant: a zero character, which PostgreSQL
 * refuses, and U+FFFD, which stands where bytes were no UTF-8.
 */
export function unstorableTexts(value: unknown, where: string): WrongField[] {
  if (typeof value === 'string') {
    if (value.includes('\0')) return [{ field: where, message: 'holds a zero character' }];
    return value.includes('\uFFFD') ? [{ field: where, message: 'is not UTF-8' }] : [];
  }
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...unstorableTexts(key, where),
    ...unstorableTexts(inner, `${where}/${key.slice(0, 60)}`),
  ]);
}
