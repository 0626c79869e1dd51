import { setTimeout as sleep } from 'node:timers/promises';
import type { StorePublisher } from './store-publisher.ts';

const MOST_LEVELLING_MS = 2_000;

/** A site that follows at its own pace is not left behind by a stop: at rest all hold the same. */
export async function levelSites(publishers: readonly StorePublisher[]): Promise<void> {
  const [first, ...others] = publishers;
  const target = first?.written;
  if (target === undefined) return;
  for (const one of others) one.aim(target);
  const level = () => others.every((one) => one.failing || one.written === target);
  for (let waitedMs = 0; !level() && waitedMs < MOST_LEVELLING_MS; waitedMs += 20) await sleep(20);
}
