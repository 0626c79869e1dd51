import { createHash, createHmac, type Hash } from 'node:crypto';
import { mediaTypeOf } from '@voxkeep/contract';
import type { Actor } from '../../core/audit.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { CallMetadata } from '../../record/metadata.ts';
import { collect, once } from '../bounded-bytes.ts';
import { intakeError } from '../intake-error.ts';
import { MetadataInvalid, parseMetadata } from '../parse-metadata.ts';
import { type OpenUpload, openUpload, type Receipt, type Refusal } from '../receive-record.ts';
import type { DropDeps } from './ports.ts';
import { readSource, type SourceFile } from './source-file.ts';
import type { FoundCall } from './walk-drop.ts';

const DROP_ACTOR: Actor = { id: 'drop', role: 'system' };
const SIDECAR_BYTES = 4 * 1024 * 1024;

/** The call's own fault: nothing would make it acceptable, so it is sealed with its reason. */
const REFUSED = new Set([
  ...['METADATA_MISSING', 'METADATA_INVALID', 'TRANSCRIPT_TOO_LARGE', 'SCREENSHOT_UNSUPPORTED'],
  ...['SCREENSHOT_TOO_LARGE', 'TOO_MANY_SCREENSHOTS', 'SOURCE_CALL_CONFLICT'],
  ...['SOURCE_CALL_DETAILS_DIFFER', 'VCON_UNREADABLE', 'VCON_INVALID', 'VCON_TOO_LARGE'],
  ...['VCON_NO_MEDIA', 'VCON_EXTERNAL_MEDIA', 'VCON_SIGNED_UNSUPPORTED'],
]);

export interface TakenCall {
  receipt: Receipt;
  sourceSystem: string;
  sourceCallId: string;
  /** The path to mend, when the call was refused. */
  field: string | undefined;
}

/**
 * Sends one call in by the same door as any other. A call that can become no record (wrong
 * metadata, a conflict …) is sealed as it came, as a quarantined record of source system `drop`.
 * Rejects with RECORD_DISPOSED and MEDIA_TOO_LARGE, for which nothing is kept, and with whatever
 * may pass: then nothing is kept either.
 */
export async function takeCall(
  deps: DropDeps,
  call: FoundCall,
  signal: AbortSignal,
): Promise<TakenCall> {
  if (call.media.sizeBytes > deps.intake.limits.mediaBytes) {
    throw intakeError('MEDIA_TOO_LARGE', 'media is larger than the archive takes', 'media');
  }
  const upload = openUpload(deps.intake);
  try {
    const metadata = await sendCall(deps, upload, call, signal);
    const receipt = await upload.commit(metadata, DROP_ACTOR);
    if (receipt.sameDetails === false) {
      const differ = `the call is known as record ${receipt.id} with other metadata, transcript or screenshots`;
      throw intakeError('SOURCE_CALL_DETAILS_DIFFER', differ, 'metadata');
    }
    const { sourceSystem, sourceCallId } = metadata;
    return { receipt, sourceSystem, sourceCallId, field: undefined };
  } catch (error) {
    await upload.abandon();
    if (!(error instanceof ArchiveError) || !REFUSED.has(error.code)) throw error;
    return sealRefused(deps, call, error, signal);
  }
}

async function sendCall(
  deps: DropDeps,
  upload: OpenUpload,
  call: FoundCall,
  signal: AbortSignal,
): Promise<CallMetadata> {
  const read = (file: SourceFile) => readSource(deps.folder, file, signal);
  if (call.metadata === undefined) {
    const vcon = await deps.parseVcon(read(call.media));
    await upload.media(once(vcon.media.bytes), vcon.media.mediaType);
    if (vcon.transcript !== undefined) await upload.transcript(once(vcon.transcript));
    return vcon.metadata;
  }
  const sidecar = await collect(read(call.metadata), SIDECAR_BYTES, () => {
    const message = `is larger than ${SIDECAR_BYTES} bytes`;
    return new MetadataInvalid([{ field: 'metadata', message }]);
  });
  // Editors on Windows put a byte order mark in front.
  const metadata = parseMetadata(sidecar.toString('utf8').replace(/^\uFEFF/, ''));
  if (call.transcript !== undefined) await upload.transcript(read(call.transcript));
  for (const file of call.screenshots) await upload.screenshot(read(file), mediaTypeOf(file.name));
  await upload.media(read(call.media), mediaTypeOf(call.media.name));
  return metadata;
}

/**
 * Keeps what cannot be archived: every file as it came, sealed in quarantine under one record that
 * no retry can move on. The same files again give the same record.
 */
async function sealRefused(
  deps: DropDeps,
  call: FoundCall,
  error: ArchiveError,
  signal: AbortSignal,
): Promise<TakenCall> {
  const upload = openUpload(deps.intake);
  try {
    const digest = createHash('sha256');
    const read = (file: SourceFile) => hashed(readSource(deps.folder, file, signal), digest);
    const [media, ...others] = call.files;
    if (media === undefined) throw error;
    await upload.media(read(media), mediaTypeOf(media.name));
    for (const file of others) await upload.enclosure(read(file), mediaTypeOf(file.name));
    // Keyed: the path may hold a phone number, which a plain hash would not hide.
    const sourceCallId = createHmac('sha256', deps.intake.secrets.idempotency)
      .update(JSON.stringify(['drop', call.key, digest.digest('hex')]))
      .digest('hex');
    const metadata: CallMetadata = {
      ...{ sourceSystem: 'drop', sourceCallId, startedAt: media.modifiedAt },
      ...{ direction: 'inbound', channel: 'voice', agent: { id: 'unknown' } },
      ...{ customer: {}, events: [], ticketIds: [] },
    };
    const refusal: Refusal = { code: error.code, reason: reasonOf(error) };
    const receipt = await upload.commit(metadata, DROP_ACTOR, undefined, refusal);
    const { field } = error;
    return { receipt, sourceSystem: metadata.sourceSystem, sourceCallId, field };
  } catch (cause) {
    await upload.abandon();
    throw cause;
  }
}

async function* hashed(source: AsyncIterable<Uint8Array>, digest: Hash): AsyncIterable<Uint8Array> {
  for await (const chunk of source) {
    digest.update(chunk);
    yield chunk;
  }
}

/** Every field that is wrong; of a name that the sidecar made up only what looks like a name. */
function reasonOf(error: ArchiveError): string {
  if (!(error instanceof MetadataInvalid)) return error.publicMessage;
  return error.fields
    .slice(0, 20)
    .map(({ field, message }) => {
      if (!message.startsWith('Unrecognized key')) return `${field}: ${message}`;
      const names = [...message.matchAll(/"([a-z][A-Za-z]{0,30})"/g)].map(([, name]) => name);
      return `${field}: has fields that are not known: ${names.join(', ') || 'names withheld'}`;
    })
    .join('; ');
}
