import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * The folder of shared test material beside the checkout, or undefined where it is not there.
 * Under CI its absence is an error, so that nothing is skipped unseen.
 */
export function sharedFolder(): string | undefined {
  const root = resolve(import.meta.dirname, '../../../..');
  const folder = resolve(root, process.env['VOXKEEP_SHARED'] ?? '../shared');
  if (existsSync(resolve(folder, 'calls'))) return folder;
  if (process.env['CI'] === 'true') throw new Error(`shared test material is missing: ${folder}`);
  return undefined;
}
