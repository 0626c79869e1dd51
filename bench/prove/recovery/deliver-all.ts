import { setTimeout as sleep } from 'node:timers/promises';
import { uploadOf } from '../calls.ts';
import type { TestArchive } from '../test-archive.ts';
import { shortCall } from './short-calls.ts';

/** What the archive has acknowledged, kept outside of it. */
export interface Acknowledged {
  id: string;
  tier: string;
  n: number;
}

/** Sends calls until each is acknowledged, whatever happens to the archive meanwhile. */
export class Delivery {
  readonly acknowledged = new Map<number, Acknowledged>();
  readonly problems: string[] = [];
  /** Sent again after no answer: what came of the first try is not known. */
  repeated = 0;
  readonly #archive: TestArchive;
  #next = 0;
  #work: Promise<void>[] = [];
  #stopped = false;

  constructor(archive: TestArchive) {
    this.#archive = archive;
  }

  start(calls: number, atOnce: number): void {
    this.#work = Array.from({ length: atOnce }, async () => {
      while (this.#next < calls && !this.#stopped) {
        const n = this.#next;
        this.#next += 1;
        await this.#send(n);
      }
    });
  }

  stop(): void {
    this.#stopped = true;
  }

  done(): Promise<unknown> {
    return Promise.all(this.#work);
  }

  async #send(n: number): Promise<void> {
    const call = shortCall(n);
    const { body, contentType } = uploadOf(call);
    while (!this.#stopped) {
      const answer = await this.#archive
        .ask('service', 'POST', '/records', body, { 'content-type': contentType })
        .catch(() => undefined);
      if (answer?.status === 201 || answer?.status === 200) {
        const { id } = JSON.parse(answer.body.toString()) as { id: string };
        this.acknowledged.set(n, { id, tier: call.tier, n });
        return;
      }
      const again = answer === undefined || answer.status >= 500 || answer.status === 429;
      if (!again) {
        this.problems.push(`call ${n}: ${answer.status} ${answer.body.toString().slice(0, 200)}`);
        return;
      }
      this.repeated += 1;
      await sleep(150 + Math.random() * 300);
    }
  }
}
