import type { SearchResult } from '@voxkeep/contract';
import type pg from 'pg';
import type { Call } from '../../../../test/oracle/judge-access.ts';
import { sampleCalls } from '../../calls.ts';
import { deliverByPost } from '../../deliver.ts';
import type { TestArchive } from '../../test-archive.ts';
import type { ArchiveClock } from '../clock.ts';
import type { People } from '../people.ts';
import { Seeded } from '../random.ts';
import { Interleaving, type Tools } from './interleaving.ts';
import { type Founders, makeWorld, signersOf, type World } from './world.ts';

const MINUTE_MS = 60_000;
/** How far the archive's clock goes ahead between two parts of a round; grants last 5 minutes and up. */
const JUMPS_MS = [0, 0, 3, 6].map((minutes) => minutes * MINUTE_MS);
const DAY_JUMP_MS = 25 * 60 * MINUTE_MS;
const ROUNDS_A_DAY_JUMP = 60;

/**
 * Many worlds at the same time, one interleaving in each, their clock turned between the parts of a
 * round. Resolves to how many there were, and how often each thing was tried.
 */
export async function runInterleavings(
  archive: TestArchive,
  people: People,
  given: { clock: ArchiveClock; sql: pg.Pool; seed: number; worlds: World[]; count: number },
  problems: string[],
): Promise<{ done: number; tried: Map<string, number> }> {
  const { clock, sql, seed, worlds, count } = given;
  const tried = new Map<string, number>();
  const { admin } = people;
  const tools: Tools = { clock, sql, admin, url: archive.url, problems, tried };
  const random = new Seeded(seed);
  const turn = async (byMs: number) => {
    if (byMs > 0) await clock.goAhead(byMs, admin, () => people.signInAdmin());
  };
  let done = 0;
  for (let round = 1; done < count; round += 1) {
    await people.signInAdmin();
    const some = worlds.map(
      (world, at) => new Interleaving(world, tools, new Seeded(seed + round * 1000 + at)),
    );
    const all = (work: (one: Interleaving) => Promise<void>) => Promise.all(some.map(work));
    await all((one) => one.begin());
    await turn(random.pick(JUMPS_MS));
    await all((one) => one.goOn());
    await turn(round % ROUNDS_A_DAY_JUMP === 0 ? DAY_JUMP_MS : random.pick(JUMPS_MS));
    if (round % ROUNDS_A_DAY_JUMP === 0) await people.signInAdmin();
    await all((one) => one.end());
    done += worlds.length;
    if (problems.length > 200) break;
  }
  return { done, tried };
}

/** People with enrolled passkeys and calls of their own. */
export async function makeWorlds(
  archive: TestArchive,
  people: People,
  given: { clock: ArchiveClock; worlds: number },
): Promise<World[]> {
  const { clock } = given;
  const officer = await people.make({ role: 'compliance' });
  const account = archive.accounts.accounts.find(({ username }) => username === 'admin');
  const admin = { ...officer, client: people.admin, password: account?.password ?? '' };
  const founders: Founders = { admin, officer };
  const records = await deliverCalls(archive, given.worlds);
  const worlds: World[] = [];
  for (const [number, [long, ...others]] of records.entries()) {
    const [first] = worlds;
    if (long === undefined) throw new Error('a world without calls');
    worlds.push(
      await makeWorld(number, people, {
        ...{ url: archive.url, clock, founders, records: others, long },
        ...(first === undefined ? {} : { signers: signersOf(first) }),
      }),
    );
  }
  return worlds;
}

/** For each world: a core call that takes a while to leave, another, and an old basic one. */
async function deliverCalls(archive: TestArchive, worlds: number): Promise<Call[][]> {
  const samples = sampleCalls().filter(({ mediaType }) => mediaType === 'audio/wav');
  const core = samples.find(({ tier }) => tier === 'core');
  const basic = samples.find(({ tier }) => tier === 'basic');
  if (core === undefined || basic === undefined) throw new Error('no samples of both tiers');
  const problems: string[] = [];
  const wanted = await Promise.all(
    Array.from({ length: worlds }, (_, world) =>
      Promise.all(
        [{ ...core, name: 'long', media: lengthened(core.media) }, core, basic].map((call) => {
          const metadata = { ...call.metadata, sourceCallId: `${call.name}-${world}` };
          return deliverByPost(archive, { ...call, metadata }, problems);
        }),
      ),
    ),
  );
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const known = await untilFound(
    archive,
    wanted.flat().filter((id) => id !== undefined),
  );
  return wanted.map((ids) => ids.map((id) => known.get(id ?? '') as Call));
}

async function untilFound(archive: TestArchive, ids: string[]): Promise<Map<string, Call>> {
  for (let waited = 0; waited < 300_000; waited += 500) {
    const { hits } = await archive.json<SearchResult>('qa', '/records?limit=200');
    const found = new Map(hits.map((hit) => [hit.id, hit]));
    if (ids.every((id) => found.has(id))) {
      return new Map(
        [...found].map(([id, { startedAt, agentId, team, tier, issueType, industry }]) => [
          id,
          {
            ...{ id, tier, issueType, state: 'archived', agentIds: [agentId] },
            startedAt: new Date(startedAt),
            ...(team === undefined ? {} : { teamId: team }),
            ...(industry === undefined ? {} : { industry }),
          },
        ]),
      );
    }
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error('the calls of the proof are not archived');
}

/** More than what sockets and buffers take in when nobody draws. */
const LONG_BYTES = 12 * 1024 * 1024;

/** A telephone call in WAV (G.711 µ-law), with silence after its end. */
function lengthened(wav: Buffer): Buffer {
  const at = wav.indexOf('data');
  const fact = wav.indexOf('fact');
  const channels = wav.readUInt16LE(22);
  if (at < 0 || fact < 0 || wav.readUInt16LE(20) !== MU_LAW) throw new Error('not a µ-law WAV');
  const long = Buffer.concat([wav, Buffer.alloc(LONG_BYTES - wav.length, SILENCE)]);
  const sizeBytes = long.length - at - 8;
  long.writeUInt32LE(long.length - 8, 4);
  long.writeUInt32LE(sizeBytes / channels, fact + 8);
  long.writeUInt32LE(sizeBytes, at + 4);
  return long;
}
const MU_LAW = 7;
const SILENCE = 0xff;
