import { parseVcon } from '../connect/vcon/index.ts';
import { ArchiveError } from '../core/errors.ts';
import { systemRandom } from '../core/random.ts';
import { checkMetadata, parseMetadata } from '../intake/parse-metadata.ts';
import { type IntakeDeps, openUpload } from '../intake/receive-record.ts';
import type { KeyStore } from '../keys/index.ts';
import { jobQueue } from '../platform/queue/job-queue.ts';
import type { IntakePort } from '../serve/ports.ts';
import type { Config } from './config.ts';

/** What intake needs to take a call in: where it puts it, whom it tells, and how much it takes. */
export function intakeDeps(
  config: Config,
  { keys, ...tools }: Pick<IntakeDeps, 'db' | 'clock' | 'vault' | 'audit'> & { keys: KeyStore },
): IntakeDeps {
  return {
    ...tools,
    random: systemRandom,
    secrets: { idempotency: keys.secret('idempotency'), mediaDigest: keys.secret('media-digest') },
    enqueue: (tx, recordId) => jobQueue.advance(tx, recordId),
    limits: {
      mediaBytes: config.mediaBytes,
      transcriptBytes: 64 * 1024 * 1024,
      screenshotBytes: 20 * 1024 * 1024,
    },
  };
}

/** The intake room as the HTTP routes see it. */
export function intakePort(intake: IntakeDeps, config: Config): IntakePort {
  return {
    open() {
      const upload = openUpload(intake);
      return {
        ...upload,
        async commit(metadata, actor, requestId) {
          const receipt = await upload.commit(metadata, actor, requestId);
          return { ...receipt, receivedAt: receipt.receivedAt.toISOString() };
        },
      };
    },
    parseMetadata,
    async parseVcon(body) {
      const vcon = parseVcon(await collect(body, config.mediaMemoryBytes));
      if (vcon.media === undefined) {
        throw new ArchiveError('VCON_NO_MEDIA', 'no recording inline');
      }
      const { transcript } = vcon;
      return {
        metadata: checkMetadata(vcon.metadata),
        media: vcon.media,
        ...(transcript === undefined ? {} : { transcript: transcript.bytes }),
      };
    },
  };
}

async function collect(source: AsyncIterable<Uint8Array>, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of source) {
    bytes += part.length;
    if (bytes > most) throw new ArchiveError('VCON_TOO_LARGE', `a vCon is at most ${most} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
