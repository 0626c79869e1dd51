import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { TestArchive } from './test-archive.ts';
import { WAV_HEADER_BYTES, wavHeader } from './wav-header.ts';

const MIB = 1024 * 1024;
const MOST_GROWTH_MIB = 150;
const CANARY = randomBytes(24).toString('base64url');

/**
 * One large recording, over HTTPS and through the drop folder: the archive neither holds it in
 * memory nor ever puts it on a disk in plaintext. `--mib 2048` for 2 GiB; 300 MiB by default.
 */
export async function proveLargeUpload(say: (line: string) => void): Promise<string[]> {
  const at = process.argv.indexOf('--mib');
  const sizeMib = at < 0 ? 300 : Number(process.argv[at + 1]);
  const archive = new TestArchive();
  // Beside the data folder, as what lies there is plaintext by nature.
  const drop = join(archive.folder, 'drop');
  mkdirSync(drop);
  process.env['VOXKEEP_DROP'] = drop;
  const problems: string[] = [];
  try {
    await archive.start();
    const before = memoryMib(archive.pid);
    for (const [door, send] of [
      ['HTTPS', postCall],
      ['drop folder', dropCall],
    ] as const) {
      const watch = watchArchive(archive);
      const started = performance.now();
      await send(archive, sizeMib, drop);
      const seconds = (performance.now() - started) / 1000;
      const { peakMib, searches, found } = await watch.end();
      const growth = peakMib - before;
      const speed = (sizeMib / seconds).toFixed(0);
      say(
        `${door}: ${sizeMib} MiB in ${seconds.toFixed(1)} s (${speed} MiB/s), memory +${growth.toFixed(0)} MiB, ${searches} searches of data and temporary files`,
      );
      if (growth > MOST_GROWTH_MIB) problems.push(`${door}: memory grew by ${growth} MiB`);
      problems.push(...found.map((file) => `${door}: plaintext in ${file}`));
      if (searches < 2) problems.push(`${door}: was not searched while it ran`);
    }
    const left = readdirSync(drop).filter((name) => name.startsWith('large'));
    if (left.length > 0) problems.push(`left in the drop folder: ${left.join(', ')}`);
    if (problems.length === 0) say(`prove large: OK ${sizeMib} MiB twice, canary nowhere on disk`);
  } finally {
    delete process.env['VOXKEEP_DROP'];
    await archive.stop();
    archive.remove();
  }
  return problems;
}

async function postCall(archive: TestArchive, sizeMib: number): Promise<void> {
  const boundary = 'voxkeep-large';
  const outgoing = request(`${archive.url}/api/v1/records`, {
    method: 'POST',
    ca: readFileSync(join(archive.data, 'tls/authority.pem')),
    headers: {
      authorization: `Bearer ${archive.accounts.apiKey}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
  });
  const answered = once(outgoing, 'response');
  const part = (name: string, file: string, type: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"; filename="${file}"\r\ncontent-type: ${type}\r\n\r\n`;
  outgoing.write(part('metadata', 'm.json', 'application/json') + metadataOf('large-https'));
  outgoing.write(`\r\n${part('media', 'm.wav', 'audio/wav')}`);
  for (const chunk of recording(sizeMib)) {
    if (!outgoing.write(chunk)) await once(outgoing, 'drain');
  }
  outgoing.end(`\r\n--${boundary}--\r\n`);
  const [answer] = (await answered) as [{ statusCode: number; resume(): void }];
  answer.resume();
  if (answer.statusCode !== 201) throw new Error(`the upload was answered ${answer.statusCode}`);
}

async function dropCall(_archive: TestArchive, sizeMib: number, drop: string): Promise<void> {
  const draft = createWriteStream(join(drop, 'large.wav'));
  for (const chunk of recording(sizeMib)) if (!draft.write(chunk)) await once(draft, 'drain');
  draft.end();
  await once(draft, 'close');
  // The source is plaintext: a search that finds nothing here would find nothing anywhere.
  if ((await filesWithCanary([drop])).length === 0) throw new Error('the search finds nothing');
  const sidecar = createWriteStream(join(drop, 'large.json'));
  sidecar.end(metadataOf('large-drop'));
  await once(sidecar, 'close');
  for (let waited = 0; waited < 1_200_000; waited += 200) {
    if (!existsSync(join(drop, 'large.wav'))) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error('the call was not taken from the drop folder');
}

const metadataOf = (sourceCallId: string) =>
  JSON.stringify({
    ...{ sourceSystem: 'prove', sourceCallId, startedAt: '2026-11-20T09:00:00+08:00' },
    agent: { id: '001' },
  });

/** 8 kHz, one channel, 16 bits; the canary stands in every MiB. */
function* recording(sizeMib: number): Generator<Buffer> {
  const soundBytes = sizeMib * MIB - WAV_HEADER_BYTES;
  const header = wavHeader('pcm', { channels: 1, sampleRate: 8000, soundBytes });
  for (let at = 0; at < sizeMib; at += 1) {
    const block = randomBytes(MIB);
    block.write(CANARY, 1000, 'latin1');
    if (at === 0) header.copy(block);
    yield block;
  }
}

/** Samples the memory and searches the files, over and over, until it is ended. */
function watchArchive(archive: TestArchive): {
  end(): Promise<{ peakMib: number; searches: number; found: string[] }>;
} {
  const found = new Set<string>();
  let [peakMib, searches, running] = [0, 0, true];
  const sampling = setInterval(() => {
    peakMib = Math.max(peakMib, memoryMib(archive.pid));
  }, 50);
  const searching = (async () => {
    while (running) {
      for (const file of await filesWithCanary([archive.data, archive.temp])) found.add(file);
      searches += 1;
      await new Promise((done) => setTimeout(done, 300));
    }
  })();
  return {
    async end() {
      running = false;
      await searching;
      clearInterval(sampling);
      return { peakMib, searches, found: [...found] };
    },
  };
}

async function filesWithCanary(folders: string[]): Promise<string[]> {
  const child = spawn('grep', ['-rlaFs', '--', CANARY, ...folders], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  await once(child, 'close');
  return text.split('\n').filter((line) => line !== '');
}

const memoryMib = (pid: number) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
