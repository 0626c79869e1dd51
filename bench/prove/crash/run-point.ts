import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Acts } from './acts.ts';
import type { Said, SentCall } from './books.ts';
import type { DraftNames } from './draft-names.ts';
import type { ActName } from './points.ts';
import type { Scene } from './scene.ts';
import { fileThread, type Injection, Watch } from './strace.ts';
import type { FileCall } from './trace.ts';

/** How far ahead drafts are named for a fault that may only hit their writes. */
const NAMES_AHEAD = 60;
const LONGEST_PLACE_MS = 15_000;
const MOST_SENT = 40;
const SEND_AGAIN_MS = 100;

/** What happened while a fault was set, as it looks from outside. */
export interface Happening {
  calls: FileCall[];
  /** Only some calls were seen. */
  partly: boolean;
  /** By the fault. */
  killed: boolean;
  /** The process is not there any more. */
  ended: boolean;
  /** The one that was sent for it; undefined where none was. */
  call?: SentCall;
  /** To the last time that it was sent. */
  said?: Said;
  /** Why a start did not come to serve. */
  refusedStart?: string;
}

/** Runs an act with a fault set in the archive's file thread, or with none. */
export async function happen(
  deps: { scene: Scene; acts: Acts; drafts: DraftNames },
  act: ActName,
  injection: Injection | undefined,
  problems: string[],
): Promise<Happening> {
  const { scene, acts, drafts } = deps;
  const { archive } = scene;
  const partly = injection?.call === 'write' && injection.fault !== 'KILL';
  const watched = async (thread: number): Promise<Watch> => {
    const onlyPaths = partly ? drafts.ahead(NAMES_AHEAD, archive.pid) : [];
    const set = injection === undefined ? undefined : { ...injection, onlyPaths };
    return Watch.begin({ pid: archive.pid, id: thread }, join(archive.folder, 'trace'), set);
  };
  const finish = async (watch: Watch | undefined) => {
    const { pid } = archive;
    const calls = (await watch?.end()) ?? [];
    drafts.learn(calls, pid);
    const killed = watch?.killed === true;
    while (killed && archive.runs) await wait(5);
    return { calls, partly, killed, ended: !archive.runs };
  };

  if (act === 'start') {
    const call = acts.newCall();
    await acts.sendUntilTaken(call, problems);
    await archive.kill();
    const started = scene.start().then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    );
    const thread = await threadOf(archive);
    const watch = await watched(thread).catch(() => undefined);
    const refusedStart = await started;
    const seen = await finish(watch);
    return { ...seen, call, ...(refusedStart === undefined ? {} : { refusedStart }) };
  }
  if (act === 'rotate') {
    scene.nextDay();
    await scene.restart();
  }
  const call = act === 'read' || act === 'epoch' ? undefined : acts.newCall();
  const recordId =
    act === 'place' && call !== undefined ? await acts.sendUntilTaken(call, problems) : '';
  const watch = await watched(await threadOf(archive));
  let said: Said | undefined;
  if (act === 'read') await acts.read(problems);
  else if (act === 'epoch') await newEpoch(deps, watch, problems);
  else if (act === 'place') await untilPlaced(deps, recordId, watch);
  else if (call !== undefined) said = await sendAgain(deps, call, problems);
  return {
    ...(await finish(watch)),
    ...(call === undefined ? {} : { call }),
    ...(said === undefined ? {} : { said }),
  };
}

async function newEpoch(
  { scene, acts }: { scene: Scene; acts: Acts },
  watch: Watch,
  problems: string[],
): Promise<void> {
  await acts.beginEpoch(problems);
  for (let began = Date.now(); Date.now() - began < LONGEST_PLACE_MS; await wait(50)) {
    if (watch.injected || !scene.archive.runs || (await acts.isRewrapped())) return;
  }
}

/** While it is watched, so that what the second try believes of the first is seen. */
async function sendAgain(
  { scene, acts }: { scene: Scene; acts: Acts },
  call: SentCall,
  problems: string[],
): Promise<Said> {
  for (let tries = 1; ; tries += 1) {
    const said = await acts.send(call, problems);
    if (said.status === 200 || said.status === 201 || tries >= MOST_SENT) return said;
    await wait(SEND_AGAIN_MS);
    if (!scene.archive.runs) return said;
  }
}

async function untilPlaced(
  { scene, acts }: { scene: Scene; acts: Acts },
  recordId: string,
  watch: Watch,
): Promise<void> {
  for (let began = Date.now(); Date.now() - began < LONGEST_PLACE_MS; await wait(30)) {
    if (watch.injected || !scene.archive.runs) return;
    if ((await acts.stateOf(recordId)) === 'archived') return;
  }
}

/** There is one as soon as the process has asked for a file. */
async function threadOf(archive: Scene['archive']): Promise<number> {
  for (let waited = 0; waited < 30_000; waited += 2) {
    const found = fileThread(archive.pid);
    if (found !== undefined) return found;
    if (!archive.runs) break;
    await wait(2);
  }
  throw new Error('the archive has no thread for files');
}
