import { isUuid } from '../../core/ids.ts';

/** 1380013 2641, 138-0013-2641, 010-8888-2641: numbers that are written in parts. */
const IN_PARTS = [/1[3-9]\d[ .-]?\d{4}[ .-]?\d{4}/, /(?<!\d)0\d{2,3}[ .-]?\d{4}[ .-]?\d{4}/];
/** A day, or a moment to the minute or second. */
const MOMENT = /^(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])(\d{4}|\d{6})?$/;
/** Unix seconds, as telephone systems count. */
const UNIX_SECONDS = /^1\d{9}$/;
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const CALL_ID = /^[\x21-\x3f\x41-\x7e]{1,200}$/;

/** A file name that may stand in receipts and logs; undefined for one that could be personal. */
export const plainFileName = (name: string): string | undefined =>
  FILE_NAME.test(name) && !mayHoldNumber(name) ? name : undefined;

/** A source's call id that may stand in a receipt; undefined for one that could be personal. */
export const plainCallId = (id: string): string | undefined =>
  CALL_ID.test(id) && !mayHoldNumber(id) ? id : undefined;

/** Rather one time too often: what is withheld here is found by the record id. */
function mayHoldNumber(text: string): boolean {
  if (isUuid(text.toLowerCase())) return false;
  if (IN_PARTS.some((shape) => shape.test(text))) return true;
  const runs = text.match(/\d{7,}/g) ?? [];
  return runs.some((run) => !MOMENT.test(run) && !UNIX_SECONDS.test(run));
}
