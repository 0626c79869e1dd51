import type { JobsView, SystemStatus, Vocabulary } from '@voxkeep/contract';
import { industries, issueTypes, type Rules, segments } from '../classify/index.ts';
import type { Audit } from '../core/audit.ts';
import type { Db } from '../core/database.ts';
import { isUuid } from '../core/ids.ts';
import { readRefusals } from '../intake/drop/index.ts';
import type { Sequencer } from '../ledger/index.ts';
import { countDeliveries } from '../notices/index.ts';
import type { Channel } from '../notices/ports.ts';
import type { JobQueue } from '../pipeline/ports.ts';
import { resumeRecord } from '../pipeline/resume-record.ts';
import type { SiteSet } from '../place/index.ts';
import type { OperationsPort } from '../serve/ports.ts';

const LONGEST_BEHIND_MS = 10_000;

/** What operators see and may do; no content passes here. */
export function createOperations(deps: {
  db: Db;
  audit: Audit;
  queue: JobQueue;
  sites: SiteSet;
  sequencer: Sequencer;
  rules: () => Rules;
  archive: {
    archiveId: string;
    version: string;
    startedAt: Date;
    timeZone: string;
  };
  keysOnDataHost: boolean;
  dropFolder: string;
  channels: ReadonlySet<Channel>;
  ffmpeg: () => string | undefined;
}): OperationsPort {
  const { db, sites, sequencer, archive } = deps;

  async function countByState(): Promise<SystemStatus['records']> {
    const rows = await db
      .selectFrom('record')
      .select(({ fn }) => ['state', fn.countAll<string>().as('n')])
      .groupBy('state')
      .execute();
    return rows.map((row) => ({
      state: row.state as SystemStatus['records'][number]['state'],
      count: Number(row.n),
    }));
  }

  return {
    async jobs({ state, before, limit }): Promise<JobsView> {
      let query = db
        .selectFrom('record')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (state !== undefined) query = query.where('state', '=', state);
      if (before !== undefined && isUuid(before)) query = query.where('id', '<', before);
      const rows = await query.execute();
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        counts: await countByState(),
        jobs: page.map((row) => ({
          id: row.id,
          state: row.state as JobsView['jobs'][number]['state'],
          sourceSystem: row.source_system,
          receivedAt: row.received_at.toISOString(),
          mediaBytes: Number(row.media_bytes),
          attempts: row.attempts,
          canRetry: row.state === 'quarantined' && row.resume_state !== null,
          ...(row.archived_at === null ? {} : { archivedAt: row.archived_at.toISOString() }),
          ...(row.reason_code === null ? {} : { reasonCode: row.reason_code }),
          ...(row.reason === null ? {} : { reason: row.reason }),
        })),
        ...(rows.length > limit && last !== undefined ? { next: last.id } : {}),
      };
    },
    resume: (recordId, actor, requestId) => resumeRecord(deps, recordId, actor, requestId),
    drop: () => readRefusals(deps.dropFolder),
    async status(): Promise<SystemStatus> {
      const health = sequencer.health();
      const ffmpeg = deps.ffmpeg();
      const copies = await db
        .selectFrom('object_copy')
        .select(({ fn }) => ['site', fn.countAll<string>().as('n')])
        .groupBy('site')
        .execute();
      const pending = await db
        .selectFrom('pending_copy')
        .select(({ fn }) => ['site', fn.countAll<string>().as('n')])
        .groupBy('site')
        .execute();
      const at = (rows: { site: string; n: string }[], site: string) =>
        Number(rows.find((row) => row.site === site)?.n ?? 0);
      return {
        archiveId: archive.archiveId,
        version: archive.version,
        startedAt: archive.startedAt.toISOString(),
        timeZone: archive.timeZone,
        records: await countByState(),
        sites: await Promise.all(
          sites.all.map(async (site) => ({
            name: site.name,
            reachable: (await site.health()).reachable,
            objects: at(copies, site.name),
            pendingCopies: at(pending, site.name),
          })),
        ),
        ledger: {
          size: health.size,
          ...sequencer.log(),
          witnessed: health.witnessing.witnessed,
          toRestore: health.toRestore,
          healthy: health.ok,
        },
        deliveries: await countDeliveries(db, deps.channels),
        keysOnDataHost: deps.keysOnDataHost,
        ...(ffmpeg === undefined ? {} : { ffmpeg }),
      };
    },
    async vocabulary(found): Promise<Vocabulary> {
      const rules = deps.rules();
      const column = async (name: 'agent_id' | 'team_id') => {
        const rows = await db
          .selectFrom('call as c')
          .select(name)
          .distinct()
          .where(name, 'is not', null)
          .where(found)
          .orderBy(name)
          .limit(500)
          .execute();
        return rows.map((row) => (row as Record<string, string>)[name] ?? '');
      };
      const ids = (names: { id: string }[]) => names.map((name) => name.id);
      return {
        issueTypes: ids(issueTypes(rules)),
        agents: (await column('agent_id')).map((id) => ({ id })),
        teams: await column('team_id'),
        segments: ids(segments(rules)),
        industries: ids(industries(rules)),
      };
    },
    async notReady(): Promise<string | undefined> {
      const health = sequencer.health();
      if (!health.ok || health.behindMs > LONGEST_BEHIND_MS) return 'ledger';
      try {
        await db.selectFrom('intake_key').select('record_id').limit(1).execute();
      } catch {
        return 'database';
      }
      const [hq] = sites.all;
      if (hq !== undefined && !(await hq.health()).reachable) return `site ${hq.name}`;
      return undefined;
    },
  };
}
