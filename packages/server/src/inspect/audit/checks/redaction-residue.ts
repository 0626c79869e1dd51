import { readManifest } from '../../../record/manifest.ts';
import { objectsOf } from '../../../record/object-rows.ts';
import type { Transcript } from '../../../record/transcript.ts';
import { auditError } from '../audit-error.ts';
import { check } from '../check.ts';
import type { AuditContext, Found } from '../ports.ts';
import { sampledRecords } from '../sample.ts';

/** Transcripts of a sample are searched with today's recognisers: what they learnt since counts. */
export const redactionResidue = check<'PERSONAL_DATA_LEFT'>({
  title: { zh: '抽样：用现行识别器复查脱敏', en: 'Sample: redaction, by today’s recognisers' },
  retest: {
    zh: '用现行识别器重新扫描该记录的脱敏转写与文字字段。',
    en: 'The record’s redacted transcript and texts are scanned again.',
  },
  codes: {
    PERSONAL_DATA_LEFT: {
      severity: 'high',
      wrong: {
        zh: '脱敏转写中仍可识别出个人信息',
        en: 'Personal data can still be found in a redacted transcript',
      },
      fix: {
        zh: '对该记录重新脱敏，并检查同类记录。',
        en: 'Have the record redacted again, and look at others like it.',
      },
    },
  },
  async run(context) {
    const ids = await sampledRecords(context, ['archived', 'restricted']);
    const findings: Found<'PERSONAL_DATA_LEFT'>[] = [];
    for (const id of ids) {
      context.signal.throwIfAborted();
      const types = await leftIn(context, id);
      for (const [type, turns] of types) {
        findings.push({
          ...{ code: 'PERSONAL_DATA_LEFT', subject: { kind: 'record', id } },
          detail: { type, places: turns },
        });
      }
    }
    return { looked: ids.length, findings };
  },
});

async function leftIn(context: AuditContext, id: string): Promise<Map<string, number>> {
  const { db, vault, residue } = context;
  const objects = await objectsOf(db, id);
  const newest = objects.filter(({ purpose }) => purpose === 'manifest').at(-1);
  const kept = objects.filter(({ purpose }) => purpose === 'redacted-transcript').at(-1);
  if (newest === undefined || kept === undefined) {
    throw auditError('AUDIT_PRECONDITION', `record ${id} has no transcript to look at`);
  }
  const manifest = await readManifest(await vault.open(newest));
  const opened = await vault.open(kept);
  const transcript = JSON.parse(
    (await opened.readRange(0, opened.sizeBytes)).toString(),
  ) as Transcript;
  const found = new Map<string, number>();
  for (const { type } of residue(transcript, manifest)) found.set(type, (found.get(type) ?? 0) + 1);
  return found;
}
