import { Readable } from 'node:stream';
import { ExportIn, MOST_EXPORTED } from '@voxkeep/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sql } from 'kysely';
import { decide, sqlCondition, type Viewer } from '../../access/index.ts';
import { ArchiveError } from '../../core/errors.ts';
import { type Admit, sendExport } from '../export/send-export.ts';
import { check } from '../http/check.ts';
import type { Allowed, Gate } from '../http/gate.ts';
import { may } from '../http/route-rule.ts';
import { watched } from '../playback/index.ts';
import type { ServeDeps } from '../ports.ts';
import { recordFacts } from '../record-facts.ts';

type ById = { Params: { id: string } };
type Narrow = (viewer: Viewer) => Viewer;

/** Packages of records for auditors with a grant and for regulators within a mandate. */
export function exportRoutes(app: FastifyInstance, deps: ServeDeps, gate: Gate): void {
  const { db, clock, timeZone } = deps;
  const allow = (request: FastifyRequest, id: string, narrow?: Narrow) =>
    gate.allowOn(request, 'export', () => recordFacts(db, id), narrow);

  /** Judged again and noted when the record's turn comes. */
  const admission =
    (request: FastifyRequest, narrow?: Narrow): Admit =>
    async (id) => {
      const { viewer, facts, pass, entry } = await allow(request, id, narrow);
      await db
        .transaction()
        .execute((tx) => deps.audit.append(tx, { ...entry, action: 'record.export' }));
      const attachment = decide(viewer, 'attachment', facts, clock, timeZone);
      return { id: facts.id, pass, screenshots: attachment.allowed };
    };

  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    first: Allowed,
    ids: readonly string[],
    narrow?: Narrow,
  ) => {
    const { viewer, pass, entry } = first;
    if (pass.by === 'role') throw new Error('no role exports by itself');
    const right = {
      ...{ viewer, under: { kind: pass.by, id: pass.id }, requestId: request.id },
      purpose: entry.purpose?.category ?? 'none',
    };
    const admit = admission(request, narrow);
    let packed: string = first.facts.id;
    const output = await sendExport(deps, right, ids, (id) => {
      packed = id;
      return admit(id);
    });
    // Megabytes of a package lie ready before they leave: the right to them is asked where they do.
    const bytes = watched(output, { allowed: () => allow(request, packed, narrow), clock });
    return reply
      .header('content-disposition', `attachment; filename="voxkeep-export-${request.id}.zip"`)
      .header('x-voxkeep-record-count', ids.length)
      .type('application/zip')
      .send(Readable.from(bytes, { objectMode: false }));
  };

  app.get<ById>(
    '/records/:id/export',
    { ...may('export'), exposeHeadRoute: false },
    async (request, reply) => {
      const first = await allow(request, request.params.id);
      return send(request, reply, first, [first.facts.id]);
    },
  );

  app.post<ById>('/access/mandates/:id/export', may('export'), async (request, reply) => {
    const narrow = onlyMandate(request.params.id);
    const viewer = narrow(await gate.viewer(request));
    const { recordIds } = check(ExportIn, request.body, 'body');
    const ids = recordIds === undefined ? await inScope(viewer) : [...new Set(recordIds)];
    const [firstId] = ids;
    if (firstId === undefined) {
      // Refused where the mandate is not this viewer's or over; else there is nothing to send.
      await gate.allow(request, 'export', undefined, narrow);
      throw new ArchiveError('EXPORT_EMPTY', 'nothing in scope can be exported', { field: 'id' });
    }
    const first = await allow(request, firstId, narrow);
    // All or nothing: a record that is not covered is refused before the first byte.
    for (const id of ids.slice(1)) {
      const decision = decide(viewer, 'export', await recordFacts(db, id), clock, timeZone);
      if (!decision.allowed) await allow(request, id, narrow);
    }
    return send(request, reply, first, ids, narrow);
  });

  /** Every record of the viewer's mandate, oldest first. Rejects with EXPORT_TOO_LARGE. */
  async function inScope(viewer: Viewer): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`
      select c.id from call c where ${sqlCondition(viewer, 'export', clock.now(), timeZone)}
      order by c.started_at, c.id limit ${MOST_EXPORTED + 1}`.execute(db);
    if (rows.length > MOST_EXPORTED) {
      const message = `more than ${MOST_EXPORTED} records are in scope: name those that are wanted`;
      throw new ArchiveError('EXPORT_TOO_LARGE', message, { field: 'body/recordIds' });
    }
    return rows.map(({ id }) => id);
  }
}

/** The viewer with nothing but this one mandate. */
const onlyMandate =
  (id: string): Narrow =>
  (viewer) => ({
    ...viewer,
    grants: [],
    mandates: (viewer.mandates ?? []).filter((mandate) => mandate.id === id),
  });
