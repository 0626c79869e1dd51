import { SearchQuery, type SearchResult, type Trail, TrailQuery } from '@voxkeep/contract';
import type { FastifyInstance } from 'fastify';
import { type RawBuilder, sql } from 'kysely';
import { type Action, decide, namesOf, sqlCondition } from '../../access/index.ts';
import type { AuditEntry } from '../../core/audit.ts';
import { ArchiveError } from '../../core/errors.ts';
import { isUuid } from '../../core/ids.ts';
import { entriesForResource, entriesFrom } from '../../ledger/index.ts';
import type { Transcript } from '../../record/transcript.ts';
import { check } from '../http/check.ts';
import { commitmentOf } from '../http/commitment.ts';
import { type Gate, languageOf } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import type { ServeDeps } from '../ports.ts';
import { openManifest, openRecordObject, recordFacts } from '../record-facts.ts';
import { searchCalls } from '../search/index.ts';
import { currentTerm } from '../view/current-term.ts';
import { presentRecord, presentTranscript } from '../view/present-record.ts';

type ById = { Params: { id: string } };

/** Search and the one-stop view of a record. Every answer's ledger entry commits before it leaves. */
export function recordRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const { db, clock, timeZone } = deps;
  const note = (entry: AuditEntry) =>
    db.transaction().execute((tx) => deps.audit.append(tx, entry));

  app.get('/records', may('search'), async (request): Promise<SearchResult> => {
    const started = performance.now();
    const viewer = await gate.allow(request, 'search');
    const query = check(SearchQuery, request.query, 'query');
    // A search for words tells what was said: it covers what the viewer may read.
    const limits: Action[] = query.text === undefined ? ['search'] : ['search', 'read_transcript'];
    if (query.text !== undefined) await gate.allow(request, 'read_transcript');
    const now = clock.now();
    const access = sql.join(
      limits.map((action) => sqlCondition(viewer, action, now, timeZone)),
      sql` and `,
    ) as RawBuilder<boolean>;
    const found = await searchCalls(db, {
      query,
      access,
      keys: deps.indexKeys,
      timeZone,
      openFields: deps.openFields,
    });
    const language = languageOf(request);
    const hits = found.hits.map(({ facts, ...hit }) => {
      const { snippet, marks, ...line } = hit;
      const reads = decide(viewer, 'read_transcript', facts, clock, timeZone).allowed;
      const shown = reads && snippet !== undefined ? { snippet, ...(marks ? { marks } : {}) } : {};
      const opens = decide(viewer, 'view', facts, clock, timeZone);
      return opens.allowed
        ? { ...line, ...shown, canOpen: true }
        : { ...line, canOpen: false, refusal: opens.reason[language] };
    });
    const asked = JSON.stringify(query);
    await note({
      ...{ actor: { id: viewer.actorId, role: viewer.role }, action: 'record.search' },
      ...{ outcome: 'ok', requestId: request.id },
      detail: {
        filters: Object.keys(query).sort().join(','),
        query: commitmentOf(deps.commitmentKey, asked),
        hits: hits.length,
        total: found.total,
      },
    });
    const allowed = decide(viewer, 'search', undefined, clock, timeZone);
    return { ...found, hits, took: performance.now() - started, scope: allowed.rule };
  });

  app.get<ById>('/records/:id', may('view'), async (request) => {
    const { viewer, facts, pass, entry } = await gate.allowOn(request, 'view', () =>
      recordFacts(db, request.params.id),
    );
    const manifest = await openManifest(deps, facts.id, pass);
    const row = await db
      .selectFrom('record')
      .select('archived_at')
      .where('id', '=', facts.id)
      .executeTakeFirstOrThrow();
    const copies = await db
      .selectFrom('object_copy')
      .innerJoin('sealed_object', 'sealed_object.id', 'object_copy.object_id')
      .select(['site', 'verified_at'])
      .where('record_id', '=', facts.id)
      // What is heard: it may have given way at a site where the manifest still is.
      .where('purpose', '=', 'redacted')
      .orderBy('site')
      .execute();
    await note({ ...entry, action: 'record.view' });
    return presentRecord({
      ...{ manifest, facts, viewer, clock, timeZone, language: languageOf(request) },
      retention: (await currentTerm(db, facts.id)) ?? manifest.retention,
      archivedAt: row.archived_at,
      copies: copies.map((copy) => ({ site: copy.site, verifiedAt: copy.verified_at })),
    });
  });

  app.get<ById>('/records/:id/transcript', may('read_transcript'), async (request) => {
    const { facts, pass, entry } = await gate.allowOn(request, 'read_transcript', () =>
      recordFacts(db, request.params.id),
    );
    const object = await openRecordObject(deps, facts.id, 'redacted-transcript', pass);
    const text = (await object.readRange(0, object.sizeBytes)).toString();
    const { findings } = await openManifest(deps, facts.id, pass);
    await note({ ...entry, action: 'record.transcript' });
    return presentTranscript(JSON.parse(text) as Transcript, findings);
  });

  app.get<ById>('/records/:id/peaks', may('stream'), async (request, reply) => {
    const { facts, pass, entry } = await gate.allowOn(request, 'stream', () =>
      recordFacts(db, request.params.id),
    );
    const object = await openRecordObject(deps, facts.id, 'peaks', pass);
    const bytes = await object.readRange(0, object.sizeBytes);
    await note({ ...entry, action: 'record.peaks' });
    return reply.type('application/json').send(bytes);
  });

  app.get<ById>('/records/:id/trail', may('trail'), async (request): Promise<Trail> => {
    const { facts, entry } = await gate.allowOn(request, 'trail', () =>
      recordFacts(db, request.params.id),
    );
    const { limit } = check(TrailQuery, request.query, 'query');
    const entries = await entriesForResource(db, facts.id, { limit: limit + 1 });
    await note({ ...entry, action: 'record.trail' });
    const names = await namesOf(db, entries.map(({ entry }) => entry.actor.id).filter(isUuid));
    return {
      entries: entries.slice(0, limit).map(({ index, entry }) => ({
        index,
        at: entry.time,
        actor: entry.actor.id,
        ...nameIn(names, entry.actor.id),
        role: entry.actor.role,
        action: entry.action,
        outcome: entry.outcome,
        ...(entry.detail === undefined ? {} : { detail: entry.detail }),
      })),
      more: entries.length > limit,
      ...((await entriesFrom(db)) > 0 ? { olderToCome: true } : {}),
    };
  });

  app.get<ById>('/records/:id/status', may('ingest'), async (request) => {
    await gate.allow(request, 'ingest');
    const { id } = request.params;
    const row = isUuid(id)
      ? await db.selectFrom('record').selectAll().where('id', '=', id).executeTakeFirst()
      : undefined;
    if (row === undefined) {
      throw new ArchiveError('RECORD_UNKNOWN', 'there is no such record', { field: 'id' });
    }
    return {
      id,
      state: row.state,
      receivedAt: row.received_at.toISOString(),
      ...(row.reason_code === null ? {} : { reasonCode: row.reason_code }),
      ...(row.reason === null ? {} : { reason: row.reason }),
      ...(row.archived_at === null ? {} : { archivedAt: row.archived_at.toISOString() }),
    };
  });
}

function nameIn(names: Map<string, string>, id: string): { name?: string } {
  const name = names.get(id);
  return name === undefined ? {} : { name };
}
