import { plainSize } from '@voxkeep/proof';
import { sql } from 'kysely';
import { isUuid } from '../../../core/ids.ts';
import { POOLS, type Pool } from '../../../record/vocabulary.ts';
import { check } from '../check.ts';
import type { AuditContext, AuditSite, Found } from '../ports.ts';

/** Of more objects than this, so many are looked into; all are listed. */
const MOST_OPENED = 100_000;
/** First byte of a sealed object: the length of its header (docs/FORMAT.md). */
const HEADER_BYTES = 40;
const ENVELOPE_MAGIC = 'VKE1';
type Code = 'NOT_SEALED' | 'ENVELOPE_WRONG' | 'FILE_UNKNOWN' | 'COPY_NOT_THERE';

/** Whatever lies at a site in a pool is a sealed object or an envelope, and every copy of a row is there. */
export const objectsSealed = check<Code>({
  title: { zh: '站点文件均为密文且齐全', en: 'What lies at the sites is sealed, and all there' },
  retest: {
    zh: '逐站点列出全部文件，读取文件头，并与目录库的副本逐一比对。',
    en: 'Every file of each site is listed, its head read, and the copies of the catalog looked for.',
  },
  codes: {
    NOT_SEALED: {
      severity: 'critical',
      wrong: { zh: '对象不是密文格式', en: 'An object is not in the sealed form' },
      fix: {
        zh: '隔离该文件，查明写入者；由其他站点修复（voxkeep sites scrub --deep）。',
        en: 'Put the file aside and find out who wrote it; repair it from another site (voxkeep sites scrub --deep).',
      },
    },
    ENVELOPE_WRONG: {
      severity: 'critical',
      wrong: { zh: '密钥信封不是信封格式', en: 'An envelope is not in the form of one' },
      fix: {
        zh: '由其他站点修复（voxkeep sites scrub --deep）。',
        en: 'Repair it from another site (voxkeep sites scrub --deep).',
      },
    },
    FILE_UNKNOWN: {
      severity: 'high',
      wrong: { zh: '存储池中有来历不明的文件', en: 'A pool holds a file that is no object' },
      fix: {
        zh: '查明来源；如含个人信息，按泄露处置后删除。',
        en: 'Find out where it comes from; where it holds personal data treat it as a leak, then remove it.',
      },
    },
    COPY_NOT_THERE: {
      severity: 'high',
      wrong: {
        zh: '目录库记有副本，站点上却没有',
        en: 'The catalog has a copy that is not at the site',
      },
      fix: {
        zh: '运行巡检使其由其他站点补回（voxkeep sites scrub）。',
        en: 'Run a walk, which brings it from another site (voxkeep sites scrub).',
      },
    },
  },
  async run(context) {
    const findings: Found<Code>[] = [];
    const isOpened = await sampleOf(context);
    let looked = 0;
    for (const site of context.sites) {
      for (const pool of POOLS) {
        const seen = await walk(context, { site, pool, isOpened, findings });
        looked += seen.size;
        findings.push(...(await notThere(context, site, pool, seen)));
      }
    }
    return { looked, findings };
  },
});

/** Whether the head of an object is read: of all, or of as many as time allows, drawn by the seed. */
async function sampleOf({ db, seed }: AuditContext): Promise<(id: string) => boolean> {
  const { n } = await db
    .selectFrom('sealed_object')
    .select(({ fn }) => fn.countAll<string>().as('n'))
    .where('destroyed_at', 'is', null)
    .executeTakeFirstOrThrow();
  const share = MOST_OPENED / Math.max(1, Number(n));
  const turn = Number.parseInt(seed.slice(0, 8), 16) || 0;
  // The last digits of a UUIDv7 are random.
  return (id) => ((Number.parseInt(id.slice(-8), 16) ^ turn) >>> 0) / 2 ** 32 < share;
}

/** Keys without which a copy is none. */
async function walk(
  context: AuditContext,
  wanted: {
    site: AuditSite;
    pool: Pool;
    isOpened: (id: string) => boolean;
    findings: Found<Code>[];
  },
): Promise<Set<string>> {
  const { site, pool, isOpened, findings } = wanted;
  const seen = new Set<string>();
  for await (const { key, sizeBytes } of site.list(pool)) {
    context.signal.throwIfAborted();
    const id = key.split('/').at(-1)?.slice(0, -'.vko'.length) ?? '';
    const names = isUuid(id) ? context.keysOf(id) : undefined;
    const about = { site: site.name, subject: { kind: 'object' as const, id }, detail: { pool } };
    if (key === names?.envelope) {
      seen.add(key);
      if (sizeBytes !== context.envelopeBytes || !(await begins(site, pool, key, ENVELOPE_MAGIC))) {
        if (await isStill(site, pool, key)) findings.push({ code: 'ENVELOPE_WRONG', ...about });
      }
    } else if (key === names?.object) {
      seen.add(key);
      if (isOpened(id) && !(await isSealed(site, pool, key, sizeBytes))) {
        if (await isStill(site, pool, key)) findings.push({ code: 'NOT_SEALED', ...about });
      }
    } else {
      const named = /^[\x21-\x7e]{1,200}$/.test(key) && !/^\+?\d{7,}[Xx]?$/.test(key);
      findings.push({
        ...{ code: 'FILE_UNKNOWN', site: site.name, detail: { pool, sizeBytes } },
        subject: { kind: 'file', id: named ? key : 'unnamed' },
      });
    }
  }
  return seen;
}

const isStill = async (site: AuditSite, pool: Pool, key: string) =>
  (await site.stat(pool, key)) !== undefined;

async function isSealed(site: AuditSite, pool: Pool, key: string, sizeBytes: number) {
  try {
    plainSize(sizeBytes);
  } catch {
    return false;
  }
  return (await site.readRange(pool, key, 0, 1).catch(() => Buffer.alloc(0)))[0] === HEADER_BYTES;
}

async function begins(site: AuditSite, pool: Pool, key: string, magic: string) {
  const head = await site.readRange(pool, key, 0, magic.length).catch(() => Buffer.alloc(0));
  return head.toString('latin1') === magic;
}

/** Copies of rows whose files were not among those listed, and are not there now either. */
async function notThere(
  context: AuditContext,
  site: AuditSite,
  pool: Pool,
  seen: ReadonlySet<string>,
): Promise<Found<Code>[]> {
  const { db, asOf } = context;
  const { rows } = await sql<{ id: string; purpose: string }>`
    select o.id, o.purpose from object_copy c join sealed_object o on o.id = c.object_id
    where c.site = ${site.name} and o.pool = ${pool} and o.destroyed_at is null
      and c.written_at <= ${asOf} order by o.id`.execute(db);
  const missing: Found<Code>[] = [];
  for (const { id, purpose } of rows) {
    const { object, envelope } = context.keysOf(id);
    const needed = purpose === 'record-key' ? [envelope] : [object, envelope];
    if (needed.every((key) => seen.has(key))) continue;
    const still = await db
      .selectFrom('object_copy')
      .innerJoin('sealed_object', 'sealed_object.id', 'object_copy.object_id')
      .select('object_id')
      .where('object_id', '=', id)
      .where('site', '=', site.name)
      .where('destroyed_at', 'is', null)
      .executeTakeFirst();
    const stats = await Promise.all(needed.map((key) => site.stat(pool, key)));
    if (still === undefined || stats.every((one) => one !== undefined)) continue;
    missing.push({
      ...{ code: 'COPY_NOT_THERE', site: site.name },
      ...{ subject: { kind: 'object', id }, detail: { pool, purpose } },
    });
  }
  return missing;
}
