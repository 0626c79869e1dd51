import { existsSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { classify, loadRules } from '../classify/index.ts';
import { ArchiveError } from '../core/errors.ts';
import { parseMetadata } from '../intake/parse-metadata.ts';
import { knownPersonalData, redactMetadata } from '../pipeline/redact-metadata.ts';
import { createFfmpegDecoder } from '../platform/media/ffmpeg-decoder.ts';
import { probeMedia } from '../probe/index.ts';
import type { OpenObject } from '../record/vault.ts';
import { redactTranscript, residualFindings } from '../redact/index.ts';
import { loadProfiles, retentionFor } from '../retire/retention.ts';
import { parseTranscript } from '../transcribe/index.ts';
import { loadConfig } from './config.ts';

const USAGE = 2;
const INVALID = 5;
const CHUNK_BYTES = 1024 * 1024;
const TRANSCRIPTS = ['.transcript.json', '.vtt', '.srt'];

/** A dry run of calls: what the archive would find, mask and decide, and why. Stores nothing. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, transcript: { type: 'string' } },
});
const missing = positionals.find((file) => !existsSync(file));
if (positionals.length === 0 || missing !== undefined) {
  process.stderr.write(`voxkeep: explain FILE: there is no file ${missing ?? 'named'}\n`);
  process.exit(USAGE);
}
for (const file of positionals) {
  try {
    const result = await explain(file, values.transcript);
    process.stdout.write(`${values.json ? JSON.stringify(result) : linesOf(result).join('\n')}\n`);
  } catch (error) {
    const known = error instanceof ArchiveError;
    const code = known ? error.code : 'FAILED';
    const message = known ? error.publicMessage : (error as Error).message;
    if (values.json) process.stdout.write(`${JSON.stringify({ error: code, message })}\n`);
    else process.stderr.write(`voxkeep: ${code}: ${message}\n`);
    process.exitCode = known ? INVALID : 1;
  }
}

type Explanation = Awaited<ReturnType<typeof explain>>;

async function explain(path: string, transcriptPath: string | undefined) {
  const stem = join(dirname(path), basename(path, extname(path)));
  const config = loadConfig(process.env, { workFolder: process.cwd() });
  const metadata = parseMetadata(await text(`${stem}.json`, 'METADATA_MISSING'));
  const supplied = transcriptPath ?? TRANSCRIPTS.map((end) => stem + end).find(existsSync);
  if (supplied === undefined) {
    throw new ArchiveError('TRANSCRIPT_MISSING', `there is no ${basename(stem)}.transcript.json`);
  }
  const source = await openFile(path);
  try {
    const decoder = createFfmpegDecoder({ memoryBytes: config.mediaMemoryBytes });
    const media = await probeMedia(source, decoder);
    const { transcript } = parseTranscript(await readFile(supplied));
    const { durationMs, channels } = media;
    const known = knownPersonalData(metadata);
    const context = { durationMs, channels, ...known };
    const spoken = redactTranscript(transcript, context);
    const residual = residualFindings(spoken.transcript, context).length;
    const written = redactMetadata(metadata);
    const findings = [...spoken.findings, ...written.findings];
    const rules = loadRules(await readFile(config.classification, 'utf8'), config.classification);
    const classification = classify(rules, {
      ...{ metadata: written.metadata, transcript: spoken.transcript, findings },
      hasVideo: media.kind === 'video',
    });
    const profiles = loadProfiles(await readFile(config.retention, 'utf8'), config.retention);
    const { tier, industry, businessType } = classification;
    const { startedAt } = metadata;
    const retention = retentionFor(profiles, {
      ...{ tier, industry, businessType, startedAt, timeZone: config.timeZone },
    });
    const { demand, agentNote } = written.metadata;
    return {
      ...{ media, findings, maskSpans: spoken.maskSpans, unlocatable: spoken.unlocatable },
      residual,
      transcript: spoken.transcript,
      written: { demand, agentNote },
      ...{ classification, retention },
    };
  } finally {
    await source.close();
  }
}

async function text(path: string, code: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ArchiveError(code, `cannot read ${basename(path)} beside the media`, { cause });
  }
}

async function openFile(path: string): Promise<OpenObject & { close(): Promise<void> }> {
  const file = await open(path, 'r');
  const sizeBytes = (await file.stat()).size;
  const readRange = async (offset: number, length: number): Promise<Buffer> => {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, sizeBytes - offset)));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
    return bytes.subarray(0, bytesRead);
  };
  return {
    ...{ sizeBytes, readRange },
    async *stream(start = 0, endExclusive = sizeBytes) {
      for (let at = start; at < endExclusive; at += CHUNK_BYTES) {
        yield await readRange(at, Math.min(CHUNK_BYTES, endExclusive - at));
      }
    },
    close: () => file.close(),
  };
}

function linesOf(result: Explanation): string[] {
  const { media, classification, retention } = result;
  const seconds = (ms: number | undefined) => ((ms ?? 0) / 1000).toFixed(2);
  return [
    `${media.kind} ${media.codec}, ${media.channels} channels, ${seconds(media.durationMs)} s`,
    `tier ${classification.tier} · ${classification.issueType}`,
    ...classification.reasons.map((one) => `  ${one.field}: ${one.rule} (${one.because})`),
    `kept until ${retention.keepUntil}: ${retention.rule}, ${retention.clause}`,
    `findings: ${result.findings.length}`,
    ...result.findings.map((one) =>
      one.field === undefined
        ? `  ${one.type} channel ${one.channel} ${seconds(one.startMs)}–${seconds(one.endMs)} s, ${one.evidence} (${one.confidence})`
        : `  ${one.type} in ${one.field}, ${one.evidence} (${one.confidence})`,
    ),
    ...result.unlocatable.map((one) => `  cannot be placed in time: ${one.type}, turn ${one.turn}`),
    ...(result.residual > 0 ? [`  still found after masking: ${result.residual}`] : []),
    ...result.transcript.turns.map(
      (turn) => `${seconds(turn.startMs).padStart(8)}  ${turn.speaker}  ${turn.text}`,
    ),
  ];
}
