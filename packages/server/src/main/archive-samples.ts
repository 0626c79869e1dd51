import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { ARCHIVE_ACTOR } from '../core/audit.ts';
import { parseMetadata } from '../intake/parse-metadata.ts';
import { openUpload } from '../intake/receive-record.ts';
import type { Archive } from './open-archive.ts';

const STEPS = ['received', 'probed', 'transcribed', 'redacted', 'classified', 'sealed', 'archived'];
const POLL_MS = 150;
const LONGEST_MS = 10 * 60_000;

export interface SampleProgress {
  /** How many samples have come at least as far as each state. */
  reached: Record<string, number>;
  total: number;
  quarantined: number;
}

/**
 * Takes the sample calls in by the same door as any other and waits until those with these endings
 * are archived, or in quarantine. The others are on their way.
 */
export async function archiveSamples(
  archive: Archive,
  folder: string,
  awaited: readonly string[],
  onProgress: (progress: SampleProgress) => void,
): Promise<SampleProgress> {
  const media = (await readdir(folder)).filter((name) => ['.wav', '.mp4'].includes(extname(name)));
  const ids: string[] = [];
  const needed: string[] = [];
  for (const name of media.sort()) {
    const stem = join(folder, basename(name, extname(name)));
    const upload = openUpload(archive.intake);
    const type = name.endsWith('.mp4') ? 'video/mp4' : 'audio/wav';
    await upload.media(createReadStream(join(folder, name)) as AsyncIterable<Uint8Array>, type);
    const transcript = `${stem}.transcript.json`;
    if (existsSync(transcript)) {
      await upload.transcript(createReadStream(transcript) as AsyncIterable<Uint8Array>);
    }
    const metadata = parseMetadata(await readFile(`${stem}.json`, 'utf8'));
    const { id } = await upload.commit(metadata, ARCHIVE_ACTOR);
    ids.push(id);
    if (awaited.includes(extname(name))) needed.push(id);
    onProgress(await progressOf(archive, ids, media.length));
  }
  for (let waited = 0; waited < LONGEST_MS; waited += POLL_MS) {
    const progress = await progressOf(archive, ids, media.length);
    onProgress(progress);
    const { reached, quarantined } = await progressOf(archive, needed, needed.length);
    if ((reached.archived ?? 0) + quarantined >= needed.length) return progress;
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
  return progressOf(archive, ids, media.length);
}

async function progressOf(archive: Archive, ids: string[], total: number): Promise<SampleProgress> {
  const rows = await archive.db
    .selectFrom('record')
    .select('state')
    .where('id', 'in', ids)
    .execute();
  const reached: Record<string, number> = {};
  for (const [at, step] of STEPS.entries()) {
    reached[step] = rows.filter((row) => STEPS.indexOf(row.state) >= at).length;
  }
  const quarantined = rows.filter((row) => row.state === 'quarantined').length;
  return { reached, total, quarantined };
}
