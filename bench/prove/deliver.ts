import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { IntakeReceipt } from '@voxkeep/contract';
import { type TrueCall, uploadOf } from './calls.ts';
import type { TestArchive } from './test-archive.ts';

/** The samples are there already, and sending one again gives the same record; the others are new. */
export async function deliverByPost(
  archive: TestArchive,
  call: TrueCall,
  problems: string[],
): Promise<string | undefined> {
  const { body, contentType } = uploadOf(call);
  const answer = await archive.ask('service', 'POST', '/records', body, {
    'content-type': contentType,
  });
  if (answer.status === 201 || answer.status === 200) {
    return (JSON.parse(answer.body.toString()) as IntakeReceipt).id;
  }
  problems.push(`${call.name}: upload gives ${answer.status} ${answer.body}`);
  return undefined;
}

/** Puts calls into the drop folder as a telephone system would, each file under its name at once. */
export async function deliverByDrop(
  archive: TestArchive,
  calls: TrueCall[],
  problems: string[],
): Promise<Map<string, string>> {
  const folder = join(archive.data, 'drop');
  mkdirSync(folder, { recursive: true });
  const put = (name: string, bytes: Buffer | string) => {
    writeFileSync(join(folder, `${name}.part`), bytes);
    renameSync(join(folder, `${name}.part`), join(folder, name));
  };
  for (const call of calls) {
    put(`${call.name}.transcript.json`, call.transcript);
    put(`${call.name}.json`, JSON.stringify(call.metadata));
    put(`${call.name}.wav`, call.media);
  }
  const ids = new Map<string, string>();
  for (let waited = 0; ids.size < calls.length && waited < 300_000; waited += 250) {
    await new Promise((done) => setTimeout(done, 250));
    for (const receipt of receiptsIn(join(folder, 'done'))) {
      const call = calls.find((one) => one.metadata.sourceCallId === receipt.sourceCallId);
      if (call !== undefined) ids.set(call.name, receipt.recordId);
    }
  }
  for (const call of calls) {
    if (!ids.has(call.name)) problems.push(`${call.name}: the drop folder gives no receipt`);
  }
  const left = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith('/done'))
    .map((entry) => entry.name);
  problems.push(...left.map((name) => `${name} is left in the drop folder`));
  return ids;
}

function receiptsIn(folder: string): { recordId: string; sourceCallId: string }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && !name.startsWith('.'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
}
