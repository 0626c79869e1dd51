import {
  type LedgerEntryView,
  type LedgerPage,
  type LedgerProofView,
  LedgerQuery,
  type LedgerStateView,
} from '@voxkeep/contract';
import { encodeInclusionFile, hashLeaf } from '@voxkeep/proof';
import type { FastifyInstance } from 'fastify';
import { namesOf, type Viewer } from '../../access/index.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isUuid } from '../../core/ids.ts';
import {
  inclusionProof,
  latestCheckpoint,
  readEntry,
  type StoredEntry,
  searchEntries,
  servedCheckpoint,
} from '../../ledger/index.ts';
import { check } from '../http/check.ts';
import { commitmentOf } from '../http/commitment.ts';
import type { Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import { presentLedgerState } from '../log/present-ledger-state.ts';
import type { ReadTally } from '../log/read-tally.ts';
import type { ServeDeps } from '../ports.ts';

/** The ledger as a page shows it. Each search and each proof is on the ledger before it leaves. */
export function ledgerRoutes(
  app: FastifyInstance,
  deps: ServeDeps,
  gate: Gate,
  tally: ReadTally,
): void {
  const { db } = deps;
  const note = (
    viewer: Viewer,
    action: string,
    requestId: string,
    detail: Record<string, string | number>,
  ) =>
    db.transaction().execute((tx) =>
      deps.audit.append(tx, {
        ...{ actor: { id: viewer.actorId, role: viewer.role }, action, outcome: 'ok' },
        ...{ requestId, detail },
      }),
    );

  app.get('/ledger/entries', may('ledger'), async (request): Promise<LedgerPage> => {
    const viewer = await gate.allow(request, 'ledger');
    const query = check(LedgerQuery, request.query, 'query');
    const { actor, record, action, outcome, from, to, before, limit } = query;
    const filter = {
      ...(actor === undefined ? {} : { actorId: actor }),
      ...(record === undefined ? {} : { resource: record }),
      ...(action === undefined ? {} : { action }),
      ...(outcome === undefined ? {} : { outcome }),
      ...(from === undefined ? {} : { from: new Date(from) }),
      ...(to === undefined ? {} : { to: new Date(to) }),
    };
    const page = { limit: limit + 1, ...(before === undefined ? {} : { before }) };
    const found = await searchEntries(db, filter, page);
    const shown = found.slice(0, limit);
    await note(viewer, 'ledger.search', request.id, {
      filters: Object.keys(filter).sort().join(',') || 'none',
      query: commitmentOf(deps.commitmentKey, JSON.stringify(query)),
      hits: shown.length,
    });
    const names = await namesOf(db, shown.map(({ entry }) => entry.actor.id).filter(isUuid));
    const last = found.length > limit ? shown.at(-1) : undefined;
    return {
      entries: shown.map((one) => presentEntry(one, names)),
      ...(last === undefined ? {} : { next: last.index }),
      size: (await latestCheckpoint(db))?.size ?? 0,
    };
  });

  app.get('/ledger/state', may('ledger'), async (request): Promise<LedgerStateView> => {
    const viewer = await gate.allow(request, 'ledger');
    await tally.note({ id: viewer.actorId, role: viewer.role }, 'state', request.id);
    return presentLedgerState(db, deps.ledger);
  });

  app.get<{ Params: { index: string } }>(
    '/ledger/entries/:index/proof',
    may('ledger'),
    async (request): Promise<LedgerProofView> => {
      const viewer = await gate.allow(request, 'ledger');
      const served = await servedCheckpoint(db);
      const index = /^\d{1,15}$/.test(request.params.index) ? Number(request.params.index) : -1;
      if (served === undefined || index < 0 || index >= served.size) {
        throw new ArchiveError('LEDGER_INDEX_UNKNOWN', 'there is no such entry', {
          field: 'index',
        });
      }
      const { bytes } = await readEntry(db, index);
      const hashes = await inclusionProof(db, index, served.size);
      await note(viewer, 'ledger.prove', request.id, { index, size: served.size });
      const { checkpoint, size } = served;
      return {
        ...{ index, size, checkpoint },
        entry: bytes.toString('base64'),
        leafHash: hashLeaf(bytes).toString('base64'),
        hashes: hashes.map((hash) => hash.toString('base64')),
        file: encodeInclusionFile({ index, entry: bytes, hashes, checkpoint }),
      };
    },
  );
}

function presentEntry(
  { index, entry }: StoredEntry,
  names: ReadonlyMap<string, string>,
): LedgerEntryView {
  const { v: _v, seq: _seq, actor, ...rest } = entry;
  const name = names.get(actor.id);
  return { index, ...rest, actor: { ...actor, ...(name === undefined ? {} : { name }) } };
}
