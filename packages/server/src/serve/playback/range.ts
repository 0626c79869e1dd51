export interface ByteRange {
  start: number;
  endExclusive: number;
}

/**
 * One range of RFC 9110 §14. Undefined asks for all: no header, another unit, several ranges, or a
 * header that is not one (which §14.2 says to ignore).
 */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | undefined | 'unsatisfiable' {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (match === null) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), sizeBytes);
    return length === 0 ? 'unsatisfiable' : { start: sizeBytes - length, endExclusive: sizeBytes };
  }
  const start = Number(first);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= sizeBytes) return 'unsatisfiable';
  const end = last === '' ? sizeBytes : Number(last) + 1;
  return { start, endExclusive: Math.min(end, sizeBytes) };
}
