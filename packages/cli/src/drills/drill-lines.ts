import type { DrillsView, DrillView } from '@voxkeep/contract';

const INDENT = ' '.repeat(9);

/** A drill in lines of at most eighty characters; the first begins with its site. */
export function drillLines(drill: DrillView, limitS: number): string[] {
  const { site, kind, by, startedAt, outcome = 'goes on', code, figures } = drill;
  const shown = outcome === 'ok' ? 'ok' : outcome.toUpperCase();
  const why = code === undefined ? '' : ` (${code})`;
  const lines = [`${shown}${why}, ${kind}, ${minute(startedAt)} by ${by}`];
  if (figures !== undefined) {
    const { rtoS, rtoWholeS, rpoS, rows, rowsOfSnapshot, callsOpened, callsNotOpened } = figures;
    const above = rtoWholeS > limitS ? 'ABOVE' : 'within';
    const not = callsNotOpened > 0 ? 'NOT' : 'not';
    const records = `${figures.records} of ${figures.recordsOfArchive} records`;
    lines.push(
      `RTO ${time(rtoS)}; of the whole ${time(rtoWholeS)}, ${above} ${time(limitS)}`,
      `RPO ${time(rpoS)}, ${figures.copiesDue} copies due there`,
      `${records}, ${rows} of ${rowsOfSnapshot} rows, ${figures.ledgerEntries} entries`,
      `${callsOpened} calls opened, ${callsNotOpened} ${not}, ${figures.bytesRead} bytes read`,
    );
  }
  return lines.map((line, at) => (at === 0 ? site.padEnd(INDENT.length) : INDENT) + line);
}

export function listLines({ drills, limitS, next }: DrillsView): string[] {
  return [
    ...(drills.length === 0 ? ['no drill yet'] : drills.flatMap((one) => drillLines(one, limitS))),
    next === undefined
      ? 'next     none by schedule'
      : `next     ${next.kind} of ${next.site}, ${minute(next.at)}`,
  ];
}

/** Tenths of a second below two minutes, then minutes. */
const time = (seconds: number): string =>
  seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;

/** UTC. */
const minute = (instant: string): string => `${instant.slice(0, 16)}Z`;
