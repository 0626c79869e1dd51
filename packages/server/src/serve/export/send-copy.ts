import type { Readable } from 'node:stream';
import { phoneDigits } from '../../core/blind-index.ts';
import { canonicalJson } from '../../core/canonical-json.ts';
import type { Manifest } from '../../record/manifest.ts';
import type { CopiedRecord, ServeDeps, SubjectCopy } from '../ports.ts';
import { presentTranscript } from '../view/present-record.ts';
import { ZipPackage } from './zip-package.ts';

const COPY_FORMAT = 'voxkeep/subject-copy/v1';
const ENDINGS: Record<string, string> = {
  ...{ 'audio/wav': 'wav', 'audio/flac': 'flac', 'video/mp4': 'mp4' },
};

/**
 * A person's copy as a ZIP that begins at once and is made while it leaves. Each record is noted in the ledger
 * when its turn comes; one that is gone by then is listed without files. `whole` is called when the last byte is on its way.
 */
export function sendCopy(
  deps: Pick<ServeDeps, 'clock' | 'archiveName' | 'renderVtt'>,
  copy: SubjectCopy,
  work: {
    material: (recordId: string) => Promise<CopiedRecord | undefined>;
    whole: () => Promise<void>;
  },
): Readable {
  const pack = new ZipPackage(deps.clock.now());
  fill(deps, pack, copy, work).catch((error: Error) => pack.fail(error));
  return pack.output;
}

async function fill(
  deps: Parameters<typeof sendCopy>[0],
  pack: ZipPackage,
  copy: SubjectCopy,
  { material, whole }: Parameters<typeof sendCopy>[2],
): Promise<void> {
  const { archiveName } = deps;
  await pack.add('README.txt', readmeOf(archiveName, copy.recordIds.length));
  const records: { id: string; folder?: string; startedAt?: string }[] = [];
  for (const id of copy.recordIds) {
    const record = await material(id);
    if (record === undefined) {
      records.push({ id });
      continue;
    }
    const { manifest, transcript, media } = record;
    const folder = `records/${id}`;
    await pack.add(`${folder}/record.json`, copiedManifest(manifest, copy));
    const shown = presentTranscript(transcript, manifest.findings);
    await pack.add(`${folder}/transcript.json`, `${JSON.stringify(shown, undefined, 1)}\n`);
    await pack.add(`${folder}/transcript.vtt`, deps.renderVtt(transcript));
    if (media !== undefined) {
      const ending = ENDINGS[manifest.rendition.mediaType] ?? 'bin';
      await pack.add(`${folder}/media.${ending}`, media.stream(), media.sizeBytes);
    }
    records.push({ id, folder, startedAt: manifest.metadata.startedAt.toISOString() });
  }
  const about = { format: COPY_FORMAT, archiveName, copiedAt: deps.clock.now().toISOString() };
  await pack.add('index.json', `${JSON.stringify({ ...about, records }, undefined, 1)}\n`);
  await pack.finish();
  await whole();
}

/**
 * What is kept of a call as its person may have it, in canonical JSON (RFC 8785): the number and the account
 * only where they are those that the person named, since a call can be somebody else's as well, and of the
 * agent the number at work.
 */
function copiedManifest(
  manifest: Manifest,
  person: Pick<SubjectCopy, 'phone' | 'account'>,
): string {
  const { metadata, classification, media, retention, recordId, receivedAt } = manifest;
  const { customer, agent, startedAt, sourceCallId: _sourceCallId, ...facts } = metadata;
  const { phone, account } = customer;
  const same = phone && person.phone && phoneDigits(phone) === phoneDigits(person.phone);
  const { segment } = customer;
  const whose = {
    ...optional('phone', same ? phone : undefined),
    ...optional('account', account === person.account ? account : undefined),
    ...optional('segment', segment),
  };
  return canonicalJson({
    ...{ recordId, receivedAt: receivedAt.toISOString(), durationMs: media.durationMs },
    metadata: { ...facts, startedAt: startedAt.toISOString(), agent: { id: agent.id } },
    ...{ customer: whose, issueType: classification.issueType },
    retention: { keepUntil: retention.keepUntil, rule: retention.rule, clause: retention.clause },
  });
}

const readmeOf = (
  archiveName: string,
  count: number,
): string => `个人信息副本 · COPY OF PERSONAL DATA
${archiveName} · ${count}

index.json           本副本所含的通话
records/<编号>/      通话信息（record.json）、脱敏转写（transcript.json、transcript.vtt），
                     以及您要求提供时的脱敏录音（media.*）
SHA256SUMS           以上全部文件的摘要：sha256sum -c SHA256SUMS

index.json           the calls in this copy
records/<id>/        what is kept of the call (record.json), its redacted transcript
                     (transcript.json, .vtt), and its redacted sound (media.*) where you asked for it
SHA256SUMS           digests of all of these: sha256sum -c SHA256SUMS
`;

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
