import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { LedgerEntryView, LedgerProofView, LedgerStateView } from '@voxkeep/contract';
import { idOf } from './fake-records.ts';

/** A real log of ten thousand made-up entries: hashed, signed and provable like the archive's. */
const ENTRIES = 10_480;
const ORIGIN = 'voxkeep/6f0c1d52';
const NEWEST = Date.UTC(2026, 10, 27, 3, 40, 0);

const ACTORS = [
  { id: idOf(30), role: 'qa', name: '沈佳宁' },
  { id: idOf(31), role: 'auditor', name: '范静' },
  { id: idOf(32), role: 'approver', name: '贺文渊' },
  { id: idOf(33), role: 'agent', name: '王晓燕' },
  { id: idOf(34), role: 'compliance' },
  { id: 'archive', role: 'system' },
];
const ACTS = [
  ...['record.search', 'record.view', 'record.play', 'record.transcript', 'record.view'],
  ...['session.sign_in', 'record.search', 'record.intake', 'record.state', 'object.place'],
  ...['access.request', 'access.approve', 'record.play', 'account.lock', 'apikey.create'],
];

function entryOf(index: number): LedgerEntryView {
  const action = ACTS[(index * 7) % ACTS.length] as string;
  const system = /^(?:object|record\.(?:intake|state))/.test(action);
  const actor = (system ? ACTORS[5] : ACTORS[(index * 13) % 5]) as (typeof ACTORS)[number];
  const time = new Date(NEWEST - (ENTRIES - index) * 41_300);
  return {
    ...{ index, time: time.toISOString(), at: new Date(time.getTime() - 180).toISOString() },
    ...{
      actor,
      action,
      outcome: index % 23 === 5 ? 'refused' : index % 211 === 9 ? 'failed' : 'ok',
    },
    ...(/^(?:record\.search|session)/.test(action) ? {} : { resource: idOf(index % 900) }),
    ...(action.startsWith('access.')
      ? { purpose: { category: 'dispute', commitment: sha(String(index)).toString('base64') } }
      : {}),
    ...{
      requestId: `req-${index.toString(16)}`,
      detail: { rule: 'qa.every-record-redacted', n: index % 7 },
    },
  };
}

function loggedText(index: number): string {
  const { index: seq, actor, ...rest } = entryOf(index);
  return JSON.stringify({ v: 1, seq, actor: { id: actor.id, role: actor.role }, ...rest });
}

function sha(...parts: (Buffer | string)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const keys = generateKeyPairSync('ed25519');
const rawKey = keys.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
const typedKey = Buffer.concat([Buffer.of(1), rawKey]);
const keyId = sha(`${ORIGIN}\n`, typedKey).subarray(0, 4);
const hashes = new Map<string, Buffer>();

function treeHash(from: number, to: number): Buffer {
  const name = `${String(from)}-${String(to)}`;
  let hash = hashes.get(name);
  if (hash === undefined) {
    const middle = from + split(to - from);
    hash =
      to - from === 1
        ? sha(Buffer.of(0), loggedText(from))
        : sha(Buffer.of(1), treeHash(from, middle), treeHash(middle, to));
    hashes.set(name, hash);
  }
  return hash;
}

function pathOf(index: number, from: number, to: number): Buffer[] {
  if (to - from === 1) return [];
  const middle = from + split(to - from);
  return index < middle
    ? [...pathOf(index, from, middle), treeHash(middle, to)]
    : [...pathOf(index, middle, to), treeHash(from, middle)];
}

function split(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

let note: string | undefined;
function checkpoint(): string {
  const text = `${ORIGIN}\n${String(ENTRIES)}\n${treeHash(0, ENTRIES).toString('base64')}\n`;
  const signed = Buffer.concat([keyId, sign(null, Buffer.from(text), keys.privateKey)]);
  note ??= `${text}\n— ${ORIGIN} ${signed.toString('base64')}\n`;
  return note;
}

export function ledger([room, id]: string[], query: URLSearchParams): unknown {
  if (room === 'state') {
    const state: LedgerStateView = {
      ...{ origin: ORIGIN, size: ENTRIES, durableSize: ENTRIES, checkpoint: checkpoint() },
      verifierKey: `${ORIGIN}+${keyId.toString('hex')}+${typedKey.toString('base64')}`,
      ...{
        signedAt: new Date(Date.now() - 4000).toISOString(),
        healthy: true,
        sites: [],
        toRestore: 0,
      },
      ...{ witnessed: false, quorum: 0, required: false, witnesses: [] },
    };
    return state;
  }
  if (id === undefined) return pageOf(query);
  const index = Number(id);
  if (!(index < ENTRIES)) return undefined;
  const proof: LedgerProofView = {
    ...{ index, size: ENTRIES, entry: Buffer.from(loggedText(index)).toString('base64') },
    leafHash: treeHash(index, index + 1).toString('base64'),
    hashes: pathOf(index, 0, ENTRIES).map((hash) => hash.toString('base64')),
    ...{ checkpoint: checkpoint(), file: 'c2sp.org/tlog-proof@v1\n' },
  };
  return proof;
}

function pageOf(query: URLSearchParams): unknown {
  const limit = Number(query.get('limit') ?? 50);
  const action = query.get('action') ?? '';
  const found: LedgerEntryView[] = [];
  let index = Math.min(Number(query.get('before') ?? ENTRIES), ENTRIES) - 1;
  for (; index >= 0 && found.length <= limit; index -= 1) {
    const entry = entryOf(index);
    const fits =
      (query.get('actor') ?? entry.actor.id) === entry.actor.id &&
      (query.get('record') ?? entry.resource) === entry.resource &&
      (query.get('outcome') ?? entry.outcome) === entry.outcome &&
      (action.endsWith('.')
        ? entry.action.startsWith(action)
        : (action || entry.action) === entry.action) &&
      entry.time >= (query.get('from') ?? '') &&
      entry.time < (query.get('to') ?? '9');
    if (fits) found.push(entry);
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    ...{ entries: page, size: ENTRIES },
    ...(found.length > limit && last !== undefined ? { next: last.index } : {}),
  };
}
