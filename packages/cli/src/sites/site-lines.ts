import type { ScrubView, SiteView } from '@voxkeep/contract';

const INDENT = ' '.repeat(9);
const FULL_UNKNOWN = {
  NO_FREE_SPACE_TOLD: 'no room told',
  TOO_LITTLE_DATA: 'full: too little data to say',
  NOT_GROWING: 'full: not in sight',
} as const;

/** A site in lines of at most eighty characters; the first begins with its name. */
export function siteLines(site: SiteView): string[] {
  const { name, reachable, reason, kind, copies, pendingCopies, behindS, faults } = site;
  const { filling, lagMs, scrubs, alarms } = site;
  const away = `NOT REACHABLE${reason === undefined ? '' : ` (${reason})`}`;
  const lines = [
    `${reachable ? 'reachable' : away}, ${kind}, ${copies} copies`,
    spaceLine(site),
    `${pendingCopies} to come${behindS > 0 ? ` behind ${behindS} s` : ''}, ${faults} faults`,
    ...(filling === undefined ? [] : [fillingLine(filling)]),
    ...(lagMs === undefined ? [] : [`lag p50 ${lagMs.p50} ms, p99 ${lagMs.p99} ms`]),
    verifiedLine(site),
    ...alarms.map(({ code, since }) => `ALARM ${code} since ${day(since)}`),
    ...scrubs.map(scrubLine),
  ];
  return lines.map((line, at) => (at === 0 ? name.padEnd(INDENT.length) : INDENT) + line);
}

export const scrubLine = (walk: ScrubView): string => {
  const { kind, startedAt, endedAt, checked, faults, repaired } = walk;
  const end = endedAt === undefined ? ', not ended' : '';
  return `${kind} ${day(startedAt)}: ${checked} seen, ${faults} bad, ${repaired} mended${end}`;
};

const fillingLine = ({ copies, of, since }: NonNullable<SiteView['filling']>): string =>
  `being filled: ${copies} of ${of} copies, since ${day(since)}`;

function spaceLine({ used, freeBytes, totalBytes, fullAt, fullUnknown }: SiteView): string {
  const ours = used.reduce((sum, { bytes }) => sum + bytes, 0);
  const free =
    freeBytes === undefined
      ? []
      : [`${size(freeBytes)}${totalBytes === undefined ? '' : ` of ${size(totalBytes)}`} free`];
  const full =
    fullAt === undefined
      ? FULL_UNKNOWN[fullUnknown ?? 'TOO_LITTLE_DATA']
      : `full about ${fullAt.slice(0, 10)}`;
  return [`${size(ours)} used`, ...free, full].join(', ');
}

function verifiedLine({ verified: { deepEndedAt, oldestAt } }: SiteView): string {
  const all = deepEndedAt === undefined ? 'never' : day(deepEndedAt);
  return `all read back: ${all}${oldestAt === undefined ? '' : `, oldest ${day(oldestAt)}`}`;
}

/** Decimal units, as storage is sold. */
function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const nth = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${(bytes / 1000 ** nth).toFixed(nth === 0 ? 0 : 1)} ${units[nth]}`;
}

/** To the minute, UTC. */
const day = (instant: string): string => `${instant.slice(0, 16)}Z`;
