import type { FoundEntry } from './search.ts';

const SEVERITY = { ok: 3, refused: 6, failed: 5 } as const;

/**
 * An entry in ArcSight's Common Event Format, version 0. In the head `\` and `|` are escaped, in
 * extension values `\`, `=` and line ends; nothing else has to be.
 */
export function cefLine(entry: FoundEntry, origin: string): string {
  const { action, outcome } = entry;
  const head = ['CEF:0', 'Voxkeep', 'Voxkeep', '1', action, action, String(SEVERITY[outcome])];
  const fields: [string, string | undefined][] = [
    ['rt', String(Date.parse(entry.time))],
    ['start', String(Date.parse(entry.at))],
    ['externalId', String(entry.index)],
    ['act', action],
    ['outcome', outcome],
    ['suid', entry.actor.id],
    ['spriv', entry.actor.role],
    ...labelled(1, 'origin', origin),
    ...labelled(2, 'resource', entry.resource),
    ...labelled(3, 'requestId', entry.requestId),
    ...labelled(4, 'purpose', entry.purpose?.category),
    ...labelled(5, 'detail', entry.detail && JSON.stringify(entry.detail)),
  ];
  const extension = fields
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapeValue(value ?? '')}`);
  return `${head.map(escapeHead).join('|')}|${extension.join(' ')}`;
}

function labelled(place: number, label: string, value: string | undefined) {
  const name = `cs${place}`;
  return [
    [`${name}Label`, value === undefined ? undefined : label],
    [name, value],
  ] as [string, string | undefined][];
}

/** Line ends cannot be in a head at all: they become a space. */
function escapeHead(text: string): string {
  return text.replace(/[\\|]/g, '\\$&').replace(/[\r\n]+/g, ' ');
}

function escapeValue(text: string): string {
  return text.replace(/[\\=]/g, '\\$&').replace(/\r/g, '\\r').replace(/\n/g, '\\n');
}
