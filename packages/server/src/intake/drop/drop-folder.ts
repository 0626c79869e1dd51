import { realpath, stat } from 'node:fs/promises';
import { ArchiveError, hasCode } from '../../core/errors.ts';
import { RecordDisposed } from '../known-call.ts';
import { plainFileName } from './plain-name.ts';
import type { DropDeps } from './ports.ts';
import { recoverRemovals } from './remove-source.ts';
import {
  isSettled,
  noteRefused,
  type PendingCall,
  settleCall,
  settleDisposed,
  standings,
} from './settle-call.ts';
import { takeCall } from './take-call.ts';
import { type FoundCall, type Walk, walkDrop } from './walk-drop.ts';

/** Calls that are in but not yet archived: more would only fill the quarantine. */
const MOST_PENDING = 100;
const FIRST_DELAY_MS = 5000;
const LONGEST_DELAY_MS = 300_000;
/** Stands for every pending call, where the database cannot be asked. */
const ALL = '';

/**
 * The watched folder. All that it knows is in memory and can be lost: files are unlinked only once
 * the archive holds their call, and a call that is sent again is the same record.
 */
export class DropFolder {
  readonly #deps: DropDeps;
  readonly #stop = new AbortController();
  /** Since when the files of a call are as they are. */
  #seen = new Map<string, { fingerprint: string; since: number }>();
  #loneSince = new Map<string, number>();
  readonly #reported = new Set<string>();
  readonly #taking = new Map<string, { work: Promise<void>; vcon: boolean }>();
  readonly #pending = new Map<string, PendingCall>();
  /** Calls that stay where they are, until they change. */
  readonly #left = new Map<string, string>();
  readonly #later = new Map<string, { notBefore: number; tries: number }>();
  #ready: FoundCall[] = [];
  #place: string | undefined;
  #away = false;

  constructor(deps: DropDeps) {
    this.#deps = deps;
  }

  /** Calls being sent in, calls waiting to be archived, and files that waited too long. */
  get counts(): { taking: number; pending: number; waiting: number; reachable: boolean } {
    const waiting = [...this.#loneSince.values()].filter((since) => this.#isLong(since)).length;
    const reachable = this.#place !== undefined;
    return { taking: this.#taking.size, pending: this.#pending.size, waiting, reachable };
  }

  /** One look: starts what is ready, settles what is archived. Never rejects. */
  async look(): Promise<void> {
    let walk: Walk;
    try {
      await this.#arrive();
      walk = await walkDrop(this.#deps.folder);
    } catch (error) {
      this.#leave(error);
      return;
    }
    this.#noteLone(walk);
    this.#ready = this.#settled(walk.calls);
    this.#fill();
    if ((this.#later.get(ALL)?.notBefore ?? 0) > this.#now()) return;
    await this.#settle(walk).catch((error: unknown) => this.#failed(ALL, 'all', error));
  }

  /** Resolves when the uploads under way have ended. */
  async idle(): Promise<void> {
    while (this.#taking.size > 0) {
      await Promise.all([...this.#taking.values()].map(({ work }) => work));
    }
  }

  /** Abandons the uploads under way: their files stay and are sent again another time. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#ready = [];
    await this.idle();
  }

  /** A folder that went away and came back, or another one in its place, is looked at anew. */
  async #arrive(): Promise<void> {
    const { dev, ino } = await stat(await realpath(this.#deps.folder));
    const place = `${dev}:${ino}`;
    if (place === this.#place) return;
    for (const known of [this.#seen, this.#pending, this.#left, this.#later]) known.clear();
    await recoverRemovals(this.#deps.folder);
    this.#place = place;
    if (this.#away) this.#deps.report({ kind: 'reachable' });
    this.#away = false;
  }

  #leave(error: unknown): void {
    if (!this.#away) this.#deps.report({ kind: 'unreachable', code: codeOf(error) });
    this.#away = true;
    this.#place = undefined;
    this.#ready = [];
  }

  /** The calls whose files have not changed for long enough, and that nothing else is done with. */
  #settled(calls: FoundCall[]): FoundCall[] {
    const now = this.#now();
    const seen = new Map<string, { fingerprint: string; since: number }>();
    for (const { key, fingerprint } of calls) {
      const before = this.#seen.get(key);
      seen.set(key, before?.fingerprint === fingerprint ? before : { fingerprint, since: now });
    }
    this.#seen = seen;
    for (const known of [this.#left, this.#later]) {
      for (const key of known.keys()) if (key !== ALL && !seen.has(key)) known.delete(key);
    }
    return calls.filter(({ key, fingerprint }) => {
      if (this.#taking.has(key) || this.#pending.has(key)) return false;
      if (this.#left.get(key) === fingerprint) return false;
      if ((this.#later.get(key)?.notBefore ?? 0) > now) return false;
      return now - (seen.get(key)?.since ?? now) >= this.#deps.settleMs;
    });
  }

  #fill(): void {
    while (
      !this.#stop.signal.aborted &&
      this.#taking.size < this.#deps.concurrency &&
      this.#taking.size + this.#pending.size < MOST_PENDING
    ) {
      // A vCon is parsed in memory: one at a time.
      const next = this.#ready.findIndex((call) => !isVcon(call) || !this.#takesVcon());
      const [call] = next < 0 ? [] : this.#ready.splice(next, 1);
      if (call === undefined) return;
      const work = this.#take(call).finally(() => {
        this.#taking.delete(call.key);
        this.#fill();
      });
      this.#taking.set(call.key, { work, vcon: isVcon(call) });
    }
  }

  #takesVcon(): boolean {
    return [...this.#taking.values()].some(({ vcon }) => vcon);
  }

  async #take(call: FoundCall): Promise<void> {
    try {
      const taken = await takeCall(this.#deps, call, this.#stop.signal);
      this.#pending.set(call.key, { ...taken, call });
      this.#later.delete(call.key);
      const { id: recordId, mediaBytes: bytes } = taken.receipt;
      this.#deps.report({ kind: 'taken', recordId, bytes });
    } catch (error) {
      await this.#notTaken(call, error);
    }
  }

  async #notTaken(call: FoundCall, error: unknown): Promise<void> {
    const { key } = call;
    const name = shown(call.stem);
    try {
      if (error instanceof RecordDisposed) {
        const { code, publicMessage: message, sameBytes } = error;
        const end = await settleDisposed(this.#deps, call, { code, message, sameBytes });
        if (end !== 'removed') this.#left.set(key, call.fingerprint);
        this.#deps.report(
          end === 'removed' ? { kind: 'refused', code } : { kind: 'left', code, name },
        );
        return;
      }
      if (hasCode(error, 'MEDIA_TOO_LARGE')) {
        const { code, publicMessage: message } = error;
        await noteRefused(this.#deps, call, { code, message, removed: false });
        this.#left.set(key, call.fingerprint);
        this.#deps.report({ kind: 'left', code, name });
        return;
      }
    } catch (failure) {
      this.#failed(key, name, failure);
      return;
    }
    if (!hasCode(error, 'DROP_STOPPED')) this.#failed(key, name, error);
  }

  /** Ends what the archive holds by now. A failure leaves a call pending, and its files in place. */
  async #settle(walk: Walk): Promise<void> {
    const now = this.#now();
    const due = [...this.#pending].filter(([key]) => (this.#later.get(key)?.notBefore ?? 0) <= now);
    const ids = due.map(([, pending]) => pending.receipt.id);
    const states = await standings(this.#deps.intake.db, ids);
    const current = new Map(walk.calls.map((call) => [call.key, call.fingerprint]));
    for (const [key, pending] of due) {
      if (this.#stop.signal.aborted) return;
      const standing = states.get(pending.receipt.id);
      if (standing === undefined) {
        this.#pending.delete(key);
        continue;
      }
      if (!isSettled(standing.state)) continue;
      try {
        const found = current.get(key);
        const changed = found !== undefined && found !== pending.call.fingerprint;
        const end = changed ? 'changed' : await settleCall(this.#deps, pending, standing);
        this.#pending.delete(key);
        this.#later.delete(key);
        this.#reportEnd(pending, end, standing);
      } catch (error) {
        this.#failed(key, shown(pending.call.stem), error);
      }
    }
    this.#later.delete(ALL);
    this.#fill();
  }

  #reportEnd(
    pending: PendingCall,
    end: 'removed' | 'changed',
    standing: { state: string; reasonCode: string | undefined },
  ): void {
    const recordId = pending.receipt.id;
    if (end === 'changed') {
      // It is looked at anew, and sent again once it stands still.
      this.#deps.report({ kind: 'left', code: 'DROP_CHANGED', name: shown(pending.call.stem) });
    } else if (standing.state === 'archived' || standing.state === 'restricted') {
      this.#deps.report({ kind: 'archived', recordId });
    } else {
      this.#deps.report({ kind: 'refused', code: standing.reasonCode ?? standing.state, recordId });
    }
  }

  #noteLone(walk: Walk): void {
    const now = this.#now();
    const since = new Map(
      walk.lone.map(({ key }): [string, number] => [key, this.#loneSince.get(key) ?? now]),
    );
    this.#loneSince = since;
    const strange = new Set(walk.strange.map(({ key }) => key));
    for (const key of this.#reported) {
      if (!since.has(key) && !strange.has(key)) this.#reported.delete(key);
    }
    for (const { key, name, missing } of walk.lone) {
      if (this.#reported.has(key) || !this.#isLong(since.get(key) ?? now)) continue;
      this.#reported.add(key);
      this.#deps.report({ kind: 'waiting', name: shown(name), missing });
    }
    for (const { key, name } of walk.strange) {
      if (this.#reported.has(key)) continue;
      this.#reported.add(key);
      this.#deps.report({ kind: 'left', code: 'DROP_NOT_A_FILE', name: shown(name) });
    }
  }

  #failed(key: string, name: string, error: unknown): void {
    const tries = (this.#later.get(key)?.tries ?? 0) + 1;
    const delayMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (tries - 1));
    this.#later.set(key, { notBefore: this.#now() + delayMs, tries });
    this.#deps.report({ kind: 'failed', code: codeOf(error), name });
  }

  #isLong(since: number): boolean {
    return this.#now() - since >= this.#deps.reportAfterMs;
  }

  #now(): number {
    return this.#deps.intake.clock.now().getTime();
  }
}

const isVcon = (call: FoundCall) => call.metadata === undefined;
const shown = (name: string) => plainFileName(name) ?? 'name withheld';

function codeOf(error: unknown): string {
  if (error instanceof ArchiveError) return error.code;
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown';
}
