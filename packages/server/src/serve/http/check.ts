import type { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';

/** A refusal of a query or body that names every wrong field. */
class RequestInvalid extends ArchiveError<'REQUEST_INVALID'> {
  readonly fields: { field: string; message: string }[];
  constructor(fields: { field: string; message: string }[]) {
    const first = fields[0] ?? { field: 'request', message: 'invalid' };
    super('REQUEST_INVALID', `${first.field}: ${first.message}`, { field: first.field });
    this.fields = fields;
  }
}

/** The value as its schema says, or REQUEST_INVALID with each field as `query/from`. */
export function check<T extends z.ZodType>(schema: T, value: unknown, where: string): z.output<T> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new RequestInvalid(
    parsed.error.issues.map((issue) => ({
      field: [where, ...issue.path.map(String)].join('/'),
      message:
        issue.code === 'unrecognized_keys' ? `unknown: ${issue.keys.join(', ')}` : issue.message,
    })),
  );
}
