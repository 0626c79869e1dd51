import { ArchiveError } from '../../../core/errors.ts';
import type { RecordId } from '../../../core/ids.ts';
import { type Manifest, readManifest } from '../../../record/manifest.ts';
import { objectsOf } from '../../../record/object-rows.ts';
import type { StoredObject } from '../../../record/vault.ts';
import { check } from '../check.ts';
import type { AuditContext, Found } from '../ports.ts';
import { sampledRecords } from '../sample.ts';

type Code =
  | 'MANIFEST_NOT_LOGGED'
  | 'OBJECT_NOT_IN_MANIFEST'
  | 'OBJECT_DIFFERS'
  | 'COPY_WRONG'
  | 'NOT_OPENED';
const HEAD_BYTES = 4096;

/** The chain of evidence of a sample: ledger, manifest, row, and the bytes at every site. */
export const objectsEvidence = check<Code>({
  title: {
    zh: '抽样：账本、清单与各站点密文一致',
    en: 'Sample: ledger, manifest and the bytes at each site agree',
  },
  retest: {
    zh: '重新读取该记录在每个站点的全部副本，比对摘要并解封。',
    en: 'Every copy of the record is read again at each site, compared by digest, and opened.',
  },
  codes: {
    MANIFEST_NOT_LOGGED: {
      severity: 'critical',
      wrong: {
        zh: '清单与账本记载的摘要不符',
        en: 'The manifest is not the one that the ledger names',
      },
      fix: {
        zh: '查明谁改动了清单或目录库；以账本记载的清单为准恢复。',
        en: 'Find out who changed manifest or catalog; restore the one that the ledger names.',
      },
    },
    OBJECT_NOT_IN_MANIFEST: {
      severity: 'high',
      wrong: {
        zh: '清单所列对象在目录库中不存在',
        en: 'The catalog lacks an object that the manifest lists',
      },
      fix: { zh: '由清单重建目录库行。', en: 'Make the catalog’s row again from the manifest.' },
    },
    OBJECT_DIFFERS: {
      severity: 'critical',
      wrong: {
        zh: '目录库的摘要或存储池与清单不符',
        en: 'Digest or pool of a row are not those of the manifest',
      },
      fix: {
        zh: '查明谁改动了目录库；由清单恢复该行。',
        en: 'Find out who changed the catalog; restore the row from the manifest.',
      },
    },
    COPY_WRONG: {
      severity: 'high',
      wrong: {
        zh: '站点上的副本缺失、损坏或信封不符',
        en: 'A copy is missing, damaged, or has another’s envelope',
      },
      fix: {
        zh: '运行深度巡检，由其他站点修复（voxkeep sites scrub --deep）。',
        en: 'Run a deep walk, which repairs it from another site (voxkeep sites scrub --deep).',
      },
    },
    NOT_OPENED: {
      severity: 'critical',
      wrong: { zh: '对象无法解封', en: 'An object does not open' },
      fix: {
        zh: '检查密钥库与信封；必要时由其他站点或托管份额恢复。',
        en: 'Look at keys and envelopes; restore them from another site or the shares where needed.',
      },
    },
  },
  async run(context) {
    const ids = await sampledRecords(context, ['archived', 'restricted']);
    const findings: Found<Code>[] = [];
    for (const id of ids) {
      context.signal.throwIfAborted();
      findings.push(...(await judgeRecord(context, id)));
    }
    return { looked: ids.length, findings };
  },
});

async function judgeRecord(context: AuditContext, recordId: RecordId): Promise<Found<Code>[]> {
  const record = { kind: 'record' as const, id: recordId };
  const objects = await objectsOf(context.db, recordId);
  const newest = objects.filter(({ purpose }) => purpose === 'manifest').at(-1);
  const logged = await context.loggedManifest(recordId);
  const named = objects.find(({ sealedSha256 }) => sealedSha256.toString('hex') === logged);
  if (newest === undefined || named?.purpose !== 'manifest' || named.version < newest.version) {
    return [{ code: 'MANIFEST_NOT_LOGGED', subject: record }];
  }
  const findings: Found<Code>[] = [];
  const manifest = await opened(context, named, findings);
  if (manifest !== undefined) findings.push(...compare(manifest, objects));
  for (const object of objects) {
    const code = await openHead(context, object);
    const subject = { kind: 'object' as const, id: object.id };
    const about = { record: recordId, purpose: object.purpose };
    if (code !== undefined)
      findings.push({ code: 'NOT_OPENED', subject, detail: { ...about, code } });
    for (const site of object.sites) {
      const fault = await codeOf(() => context.vault.verify(object, site));
      if (fault === undefined) continue;
      findings.push({ code: 'COPY_WRONG', subject, site, detail: { ...about, code: fault } });
    }
  }
  return findings;
}

/** What the manifest lists, as the rows have it: nothing of it may have been changed. */
function compare(manifest: Manifest, objects: readonly StoredObject[]): Found<Code>[] {
  return manifest.objects.flatMap((listed): Found<Code>[] => {
    const row = objects.find(({ id }) => id === listed.id);
    const subject = { kind: 'object' as const, id: listed.id };
    const detail = { record: manifest.recordId, purpose: listed.purpose };
    // What waits in quarantine goes in its time, and the manifest stays.
    if (row === undefined && listed.pool === 'quarantine') return [];
    if (row === undefined) return [{ code: 'OBJECT_NOT_IN_MANIFEST', subject, detail }];
    const same =
      row.sealedSha256.toString('hex') === listed.sealedSha256 &&
      row.pool === listed.pool &&
      row.sealedBytes === listed.sealedBytes;
    return same ? [] : [{ code: 'OBJECT_DIFFERS', subject, detail }];
  });
}

async function opened(
  { vault }: AuditContext,
  object: StoredObject,
  findings: Found<Code>[],
): Promise<Manifest | undefined> {
  try {
    return await readManifest(await vault.open(object));
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    findings.push({
      code: 'NOT_OPENED',
      subject: { kind: 'object', id: object.id },
      detail: { code: error.code },
    });
    return undefined;
  }
}

/** A record's key has an envelope and no bytes. */
async function openHead({ vault }: AuditContext, object: StoredObject) {
  if (object.purpose === 'record-key') return undefined;
  return codeOf(async () => void (await (await vault.open(object)).readRange(0, HEAD_BYTES)));
}

async function codeOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof ArchiveError) return error.code;
    throw error;
  }
}
