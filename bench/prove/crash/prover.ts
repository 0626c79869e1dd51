import { copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Seeded } from '../access/random.ts';
import { Acts } from './acts.ts';
import { Books, type Said } from './books.ts';
import { DraftNames } from './draft-names.ts';
import { type Findings, Fsck } from './fsck.ts';
import { draftsOf, type Leftover } from './judge-files.ts';
import { judgeOrder, madeIn, notDurableAt } from './judge-order.ts';
import { judgeRebuild } from './judge-rebuild.ts';
import { ACTS, type ActName, type Counts, nameOf, type Point } from './points.ts';
import { type Happening, happen } from './run-point.ts';
import type { Scene } from './scene.ts';
import { type FileCall, isWakeUp } from './trace.ts';

const COUNTED_TIMES = 3;
/** A line that tells a person what is wrong; anything else is a program that fell over. */
const CLEAR = /voxkeep: (?:[A-Z][A-Z0-9_]+: |[^\n]+: cannot \w+ \(E[A-Z]+\))/;

interface Window {
  point: Point;
  beganAtMs: number;
  /** It may leave files that no row knows: the process ended, or the fault hit the cleaning up. */
  mayLeave: boolean;
}

/** Sets faults one by one and judges what became of the archive after each. */
export class Prover {
  readonly books = new Books();
  readonly problems: string[] = [];
  readonly #scene: Scene;
  readonly #acts: Acts;
  readonly #fsck: Fsck;
  readonly #drafts = new DraftNames();
  readonly #windows: Window[] = [];
  #kept = 0;

  constructor(scene: Scene, seed: number) {
    this.#scene = scene;
    this.#acts = new Acts(scene, this.books, new Seeded(seed ^ 0x5eed));
    this.#fsck = new Fsck(scene, this.books);
  }

  /** Runs every act without a fault, and counts its calls. */
  async count(acts: readonly ActName[] = ACTS): Promise<Counts> {
    const counts = new Map<ActName, Map<string, number>>();
    for (const act of acts) {
      const mean = new Map<string, number>();
      const times = act === 'intake' || act === 'place' ? COUNTED_TIMES : 1;
      for (let time = 0; time < times; time += 1) {
        const { calls } = await this.#live(`${act} without a fault`, act, undefined);
        for (const { name } of calls.filter((one) => !isWakeUp(one))) {
          mean.set(name, (mean.get(name) ?? 0) + 1 / times);
        }
      }
      for (const [name, count] of mean) mean.set(name, Math.ceil(count));
      counts.set(act, mean);
    }
    return counts;
  }

  /** Resolves to whether the fault came to happen. */
  async run(point: Point): Promise<boolean> {
    const beganAtMs = Date.now();
    const window = { point, beganAtMs, mayLeave: true };
    this.#windows.push(window);
    const happened = await this.#live(nameOf(point), point.act, point);
    const at = happened.calls.findIndex((one) => one.injected);
    window.mayLeave =
      happened.ended ||
      // It ends the process in the midst of a call before its fault is set.
      point.act === 'start' ||
      happened.calls.slice(0, at + 1).some(({ name }) => name.startsWith('unlink'));
    return point.fault === 'KILL' ? happened.killed : at >= 0;
  }

  /** The whole check, once all that was begun has come to its end. */
  async judgeAll(again: boolean): Promise<Findings> {
    const found: string[] = [];
    const findings = await this.#fsck.judgeAll(found, again);
    for (const one of findings.leftovers) {
      const window = this.#windowOf(one);
      if (window?.mayLeave !== false) continue;
      found.push(`${one.path} was left behind by ${nameOf(window.point)}`);
    }
    this.problems.push(...found.map((one) => `fsck: ${one}`));
    return findings;
  }

  /** The end: an archive made of one site alone has every row. Resolves to their number. */
  async judgeRebuild(): Promise<number> {
    return judgeRebuild(this.#scene, this.problems);
  }

  /** An act, and what has to hold at once when it is over. */
  async #live(name: string, act: ActName, point: Point | undefined): Promise<Happening> {
    const found: string[] = [];
    try {
      const deps = { scene: this.#scene, acts: this.#acts, drafts: this.#drafts };
      const happened = await happen(deps, act, point, found);
      if (happened.ended || act === 'start') await this.#judgeStart(happened, point, found);
      await this.#judge(act, happened, found);
      return happened;
    } catch (error) {
      found.push((error as Error).message);
      throw error;
    } finally {
      if (found.length > 0) {
        found.push(
          `the calls that were seen: ${this.#keptTrace()}; the log: ${this.#scene.lastWords}`,
        );
      }
      this.problems.push(...found.map((one) => `${name}: ${one}`));
    }
  }

  /** A kill ends it, and an error only a start, which says so; then it starts with nobody's help. */
  async #judgeStart(
    { ended, refusedStart }: Happening,
    point: Point | undefined,
    found: string[],
  ): Promise<void> {
    const mayEnd = point?.fault === 'KILL';
    if (refusedStart !== undefined && !mayEnd && !CLEAR.test(refusedStart)) {
      found.push(`it did not start, and says no code: ${refusedStart.slice(0, 300)}`);
    }
    if (refusedStart === undefined && ended && !mayEnd) {
      found.push(`an error ended the process: ${this.#scene.lastWords.slice(0, 600)}`);
    }
    if (!this.#scene.archive.runs) await this.#scene.start();
    found.push(...this.#strayDrafts());
  }

  /** It serves, goes on by itself, knows what it said, and had flushed what it named. */
  async #judge(act: ActName, happened: Happening, found: string[]): Promise<void> {
    const { calls, call, said, partly } = happened;
    const { data, keys } = this.#scene.archive;
    found.push(...judgeOrder(calls, [data, keys]));
    if (said !== undefined && said.status !== 0 && said.status < 300 && !partly) {
      found.push(...(await this.#judgeDurable(call?.sourceCallId ?? '', calls, said)));
    }
    if (call !== undefined) {
      const recordId = await this.#acts.sendUntilTaken(call, found);
      await this.#acts.untilArchived(recordId, found);
    } else await this.#acts.readUntilDone(found);
    if (act === 'epoch') await this.#acts.untilRewrapped(found);
    await this.#fsck.judgeRecords(found);
  }

  /** What an answer says is durable was durable when it came, at both sites that it needs. */
  async #judgeDurable(
    sourceCallId: string,
    calls: readonly FileCall[],
    { status, atMs }: Said,
  ): Promise<string[]> {
    const { data, keys } = this.#scene.archive;
    const { recordId } = this.books.calls.get(sourceCallId) ?? {};
    const rows = await this.#scene.rows<{ id: string }>(
      "select id from sealed_object where record_id = $1 and pool = 'quarantine'",
      [recordId],
    );
    const pools = ['hq', 'branch'].map((site) => join(data, 'sites', site, 'quarantine'));
    const files = rows.flatMap(({ id }) =>
      pools.flatMap((pool) => {
        const place = `${id.slice(0, 4)}/${id.slice(4, 7)}/${id}`;
        return [join(pool, `objects/${place}.vko`), join(pool, `envelopes/${place}.vke`)];
      }),
    );
    const made = [keys, ...pools].flatMap((place) => madeIn(calls, place));
    const under = made.filter((path) => !/\.vk[oe]$/.test(path));
    const late = notDurableAt(calls, [...files, ...under], atMs);
    const told = late.map((path) => `answered with ${status} before ${path} was durable`);
    const shown = (site: string) =>
      notDurableAt(calls, [join(data, 'sites', site, 'ledger/checkpoint')], atMs).length === 0;
    if (files.length === 0) told.push(`answered with ${status}, and no object is known of it`);
    if (status === 201 && (!shown('hq') || !(shown('branch') || shown('cloud')))) {
      told.push('answered with 201 before a checkpoint was durable at two sites');
    }
    return told;
  }

  /** Beside the archive, which goes with the proof. */
  #keptTrace(): string {
    this.#kept += 1;
    const archive = basename(this.#scene.archive.folder);
    const file = join(tmpdir(), `${archive}-${this.#kept}.strace`);
    try {
      copyFileSync(join(this.#scene.archive.folder, 'trace'), file);
      return file;
    } catch {
      return 'none';
    }
  }

  /** A start removes what an earlier process left half-written. */
  #strayDrafts(): string[] {
    const own = new RegExp(`[./]${this.#scene.archive.pid}[-.]`);
    return draftsOf(this.#scene)
      .filter((path) => !own.test(path))
      .map((path) => `${path} is left after a start`);
  }

  /** Undefined for what was left by the kill of a start while calls were counted. */
  #windowOf({ writtenAtMs }: Leftover): Window | undefined {
    return this.#windows.findLast(({ beganAtMs }) => beganAtMs <= writtenAtMs);
  }
}
