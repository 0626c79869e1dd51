import type { RecordMetadataInput } from '@voxkeep/contract';
import { findTranscript } from './find-transcript.ts';
import { inlineBytes, mediaTypeOf } from './inline-content.ts';
import { MAX_VCON_BYTES, readContainer } from './read-container.ts';
import { recordMetadata } from './record-metadata.ts';
import { vconError } from './vcon-error.ts';
import { checkShape, type Vcon } from './vcon-shape.ts';

export interface ParsedVcon {
  vconUuid: string;
  metadata: RecordMetadataInput;
  media: { bytes: Buffer; mediaType: string };
  transcript?: { bytes: Buffer; mediaType: string };
  /** Paths of parts that the archive has no place for ('attachments/0'), so that none goes unseen. */
  leftOut: string[];
}

/**
 * Reads a vCon (draft-ietf-vcon-vcon-core, also with the field names of its earlier drafts), plain
 * or gzip, as one upload: its single inline recording, the call's metadata, and a transcript where
 * it holds one. Nothing is ever fetched from a `url`. `maxBytes` bounds the unpacked size. Rejects
 * with VCON_UNREADABLE, VCON_TOO_LARGE, VCON_SIGNED_UNSUPPORTED, VCON_INVALID (field path),
 * VCON_EXTERNAL_MEDIA (which dialog) or VCON_NO_MEDIA.
 */
export function parseVcon(
  bytes: Uint8Array,
  { maxBytes = MAX_VCON_BYTES }: { maxBytes?: number } = {},
): ParsedVcon {
  const vcon = checkShape(readContainer(bytes, maxBytes));
  const recording = theRecording(vcon);
  const dialog = vcon.dialog[recording];
  if (dialog === undefined) throw vconError('VCON_NO_MEDIA', 'the vCon holds no recording');
  const mediaType = mediaTypeOf(dialog) ?? 'application/octet-stream';
  const media = { bytes: inlineBytes(dialog, `dialog/${recording}`), mediaType };
  const metadata = recordMetadata(vcon, recording, mediaType);
  const transcript = findTranscript(vcon, recording);
  const used = [`dialog/${recording}`, transcript?.path];
  const leftOut = [
    ...vcon.dialog.flatMap(({ type }, at) => (type === 'transfer' ? [] : [`dialog/${at}`])),
    ...vcon.analysis.map((_, at) => `analysis/${at}`),
    ...vcon.attachments.map((_, at) => `attachments/${at}`),
  ].filter((path) => !used.includes(path));
  return {
    vconUuid: vcon.uuid.toLowerCase(),
    metadata,
    media,
    ...(transcript === undefined
      ? {}
      : { transcript: { bytes: transcript.bytes, mediaType: transcript.mediaType } }),
    leftOut,
  };
}

/** The one recording. Two, or one that lies elsewhere, would be lost if the rest were taken. */
function theRecording(vcon: Vcon): number {
  const inline: number[] = [];
  vcon.dialog.forEach(({ type, body, url }, at) => {
    if (type !== 'recording') return;
    if (body !== undefined && body !== null) inline.push(at);
    else if (url) {
      const message = 'is a recording that lies at a URL; nothing is fetched, send it inline';
      throw vconError('VCON_EXTERNAL_MEDIA', message, `dialog/${at}`);
    }
  });
  const [first, second] = inline;
  if (second !== undefined) {
    throw vconError(
      'VCON_INVALID',
      'is a second recording; send one vCon each',
      `dialog/${second}`,
    );
  }
  if (first === undefined) throw vconError('VCON_NO_MEDIA', 'the vCon holds no recording');
  return first;
}
