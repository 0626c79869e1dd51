import { setTimeout as sleep } from 'node:timers/promises';
import type { TestArchive } from '../test-archive.ts';
import { SITES } from './site-folders.ts';

interface View {
  sites: {
    name: string;
    faults: number;
    scrubs: {
      kind: string;
      startedAt: string;
      endedAt?: string;
      faults: number;
      repaired: number;
    }[];
  }[];
}

/** Walks over every copy of every site, as an operator begins it; and waits for the repairs. */
export async function scrubAll(
  archive: TestArchive,
  say: (line: string) => void,
): Promise<{ faults: number; repaired: number }> {
  let [faults, repaired] = [0, 0];
  for (const site of SITES) {
    const since = new Date().toISOString();
    const body = Buffer.from(JSON.stringify({ kind: 'deep' }));
    const answer = await archive.ask('operator', 'POST', `/sites/${site}/scrub`, body, {
      'content-type': 'application/json',
    });
    if (answer.status >= 300) throw new Error(`scrub of ${site}: ${answer.status} ${answer.body}`);
    for (let waited = 0; ; waited += 500) {
      if (waited > 900_000) throw new Error(`the scrub of ${site} does not end`);
      await sleep(500);
      const { sites } = await archive.json<View>('operator', '/sites');
      const view = sites.find(({ name }) => name === site);
      const run = view?.scrubs.find(({ kind }) => kind === 'deep');
      if (run?.endedAt === undefined || run.endedAt < since || view?.faults !== 0) continue;
      faults += run.faults;
      repaired += run.repaired;
      say(`scrub of ${site}: ${run.faults} faults, ${run.repaired} repaired`);
      break;
    }
  }
  return { faults, repaired };
}
