import { gzipSync } from 'node:zlib';
import { encodeBundle, TILE_WIDTH, tileWidth } from '@voxkeep/proof';
import type { FastifyInstance } from 'fastify';
import { ArchiveError } from '../../core/errors.ts';
import { entryBytes, servedCheckpoint, tileBytes } from '../../ledger/index.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ReadTally } from '../log/read-tally.ts';
import { parseTileName, type TileName } from '../log/tile-name.ts';
import type { ServeDeps } from '../ports.ts';

/** Nothing that an intermediary may keep; for the reader itself a tile never changes. */
const LASTING = 'private, max-age=31536000, immutable';
const NEVER = 'private, no-store';
const NOTE = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';

/** The log as C2SP tlog-tiles serves one, below /ledger, for whoever may read the ledger. */
export function tileRoutes(
  app: FastifyInstance,
  deps: Pick<ServeDeps, 'db'>,
  gate: Gate,
  tally: ReadTally,
): void {
  const { db } = deps;

  app.get('/ledger/checkpoint', may('ledger'), async (request, reply) => {
    const reader = await gate.readsLog(request);
    await tally.note(reader, 'checkpoint', request.id);
    const served = await servedCheckpoint(db);
    if (served === undefined) throw unknown('nothing is durable yet');
    return reply.header('cache-control', NEVER).type(NOTE).send(served.checkpoint);
  });

  app.get('/ledger/witnessed', may('ledger'), async (request, reply) => {
    const reader = await gate.readsLog(request);
    await tally.note(reader, 'checkpoint', request.id);
    const witnessed = (await servedCheckpoint(db))?.witnessed;
    if (witnessed === undefined) throw unknown('no quorum has countersigned a checkpoint');
    return reply.header('cache-control', NEVER).type(NOTE).send(witnessed);
  });

  app.get<{ Params: { '*': string } }>('/ledger/tile/*', may('ledger'), async (request, reply) => {
    const reader = await gate.readsLog(request);
    const name = parseTileName(request.params['*']);
    const size = (await servedCheckpoint(db))?.size ?? 0;
    if (name === undefined || !isWithin(name, size)) throw unknown('there is no such tile');
    await tally.note(reader, name.kind === 'entries' ? 'entries' : 'tile', request.id);
    reply.header('cache-control', LASTING).type(BYTES);
    if (name.kind === 'hashes') return tileBytes(db, name.level, name.index, name.width);
    const bundle = encodeBundle(await entryBytes(db, name.index * TILE_WIDTH, name.width));
    reply.header('vary', 'accept-encoding');
    if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return bundle;
    return reply.header('content-encoding', 'gzip').send(gzipSync(bundle));
  });
}

function isWithin({ level, index, width }: TileName, size: number): boolean {
  return width <= tileWidth(level, index, size);
}

function unknown(message: string): ArchiveError {
  return new ArchiveError('LEDGER_TILE_UNKNOWN', message);
}
