import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Pool } from '../record/vocabulary.ts';
import { copiesOf } from './copies-of.ts';
import { loadPlacement, type PlacementPolicy } from './placement.ts';

const FILE = resolve(import.meta.dirname, '../../../../config/placement.yaml');
export const SHIPPED = readFileSync(FILE, 'utf8');
export const SITES = ['hq', 'branch', 'cloud'];

/** The shipped policy in force, or another one with some words of its file exchanged. */
export function shippedPlacement() {
  let policy = loadPlacement(SHIPPED, 'placement.yaml', SITES);
  return {
    policy: () => policy,
    copiesOf: (pool: Pool, now: Date) => copiesOf(policy, pool, now, 'Asia/Shanghai'),
    follow(next: PlacementPolicy) {
      policy = next;
    },
  };
}

/** The shipped policy with some words of its file exchanged. */
export function changedPlacement(
  ...changes: readonly [from: string, to: string][]
): PlacementPolicy {
  let text = SHIPPED;
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`the shipped file has no ${from}`);
    text = text.replace(from, to);
  }
  return loadPlacement(text, 'placement.yaml', SITES);
}
