const digits = (value: number, width: number) => String(value).padStart(width, '0');

const timelineFolder = (timeline: number) => `t${digits(timeline, 4)}/`;

/** Two processes that write one number write two objects: `unique` is 8 hex digits of chance. */
export const segmentKey = (timeline: number, number: number, unique: string): string =>
  `${segmentFolder(timeline)}${digits(number, 12)}-${unique}.vkj`;
export const segmentFolder = (timeline: number): string => `${timelineFolder(timeline)}segments/`;

export const snapshotFolder = (timeline: number, id: string): string =>
  `${timelineFolder(timeline)}snapshots/${id}/`;
/** Written last: a snapshot without it is none. */
export const SNAPSHOT_HEAD = 'snapshot.vks';

/** What a key of the journal names; undefined for what is not of this journal. */
export function readJournalKey(
  key: string,
):
  | { kind: 'segment'; timeline: number; number: number }
  | { kind: 'snapshot'; timeline: number; id: string; part: string }
  | undefined {
  const [, t = '', kind, rest = ''] = /^t(\d{4})\/(segments|snapshots)\/(.+)$/.exec(key) ?? [];
  const timeline = Number(t);
  if (kind === 'segments') {
    const number = /^(\d{12})-[0-9a-f]{8}\.vkj$/.exec(rest)?.[1];
    return number === undefined ? undefined : { kind: 'segment', timeline, number: Number(number) };
  }
  const [, id, part] = /^([0-9a-f-]{36})\/([a-z0-9_.-]+)$/.exec(rest) ?? [];
  if (kind !== 'snapshots' || id === undefined || part === undefined) return undefined;
  return { kind: 'snapshot', timeline, id, part };
}
