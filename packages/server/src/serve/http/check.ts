import { unstorableTexts, type WrongField, wrongFields } from '@voxkeep/contract';
import type { z } from 'zod';
import { ArchiveError } from '../../core/errors.ts';

/** A refusal of a query or body that names every wrong field. */
class RequestInvalid extends ArchiveError<'REQUEST_INVALID'> {
  readonly fields: WrongField[];
  constructor(fields: WrongField[]) {
    const first = fields[0] ?? { field: 'request', message: 'invalid' };
    super('REQUEST_INVALID', `${first.field}: ${first.message}`, { field: first.field });
    this.fields = fields;
  }
}

/** The value as its schema says, or REQUEST_INVALID with each field as `query/from`. */
export function check<T extends z.ZodType>(schema: T, value: unknown, where: string): z.output<T> {
  const parsed = schema.safeParse(value ?? {});
  if (!parsed.success) throw new RequestInvalid(wrongFields(parsed.error, where));
  const unstorable = unstorableTexts(parsed.data, where);
  if (unstorable.length > 0) throw new RequestInvalid(unstorable);
  return parsed.data;
}
