import { isUuid } from '../../core/ids.ts';
import { searchError } from './search-error.ts';

/** The last line of a page: the next one goes on after it. */
export interface Cursor {
  startedAt: Date;
  id: string;
}

export function encodeCursor({ startedAt, id }: Cursor): string {
  return Buffer.from(`${startedAt.getTime()}.${id}`).toString('base64url');
}

/** Rejects with CURSOR_INVALID for what `encodeCursor` did not make. */
export function decodeCursor(text: string): Cursor {
  const [ms = '', id = ''] = Buffer.from(text, 'base64url').toString('latin1').split('.');
  const startedAt = new Date(/^-?\d{1,14}$/.test(ms) ? Number(ms) : Number.NaN);
  if (Number.isNaN(startedAt.getTime()) || !isUuid(id)) {
    throw searchError('CURSOR_INVALID', 'the cursor is not one of this archive', 'cursor');
  }
  return { startedAt, id };
}
