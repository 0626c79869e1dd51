import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compareLedgers, readLedger } from '../../oracle/read-ledger.ts';
import { uploadOf } from '../calls.ts';
import { TestArchive } from '../test-archive.ts';
import { rebuildFrom } from './rebuild.ts';
import { shortCall } from './short-calls.ts';
import { SITES, type SiteFolders } from './site-folders.ts';

/** Of the ledger, so many entries come back before the archive serves; the others have to come behind. */
const NEWEST = 32;
const BUNDLE = 256;
/** No call that was sent before; a core one, whose copies are made at once. */
const NEW_CALL = 900_001;

interface LedgerState {
  toRestore: number;
  healthy: boolean;
  verifierKey: string;
}

/**
 * An archive that was rebuilt from the branch takes and finds calls at once, while the old entries of its
 * ledger come back; then its three sites, two of them new, hold the same ledger, which goes on from the
 * old one, and the copies.
 */
export async function serveRebuilt(
  parts: {
    before: TestArchive;
    folders: SiteFolders;
    folder: string;
    urlFile: string;
  },
  problems: string[],
): Promise<string> {
  const { before, folders, folder, urlFile } = parts;
  const after = new TestArchive();
  // The branch as it was; the archive that lives is not to notice.
  const branch = join(folder, 'branch-copy');
  copyWhole(folders.of('branch'), branch);
  copyWhole(before.keys, after.keys);
  try {
    const began = performance.now();
    const rebuilt = await rebuildFrom('branch', {
      ...{ folder: join(folder, 'served'), siteFolder: branch, keys: after.keys, urlFile },
      ...{ data: after.data, env: { VOXKEEP_RECOVER_ENTRIES: String(NEWEST) } },
    });
    copyFileSync(join(before.data, 'demo-accounts.json'), join(after.data, 'demo-accounts.json'));
    // By the clock of whoever asks it: its certificate is new.
    await after.start([], [], rebuilt.env);
    const call = uploadOf(shortCall(NEW_CALL));
    const taken = await after.ask('service', 'POST', '/records', call.body, {
      'content-type': call.contentType,
    });
    const seconds = (performance.now() - began) / 1000;
    if (taken.status !== 201) problems.push(`rebuilt: a new call is answered ${taken.status}`);
    const { ledgerEntries, ledgerToCome } = rebuilt.report;
    if (ledgerToCome === 0 || ledgerToCome < ledgerEntries - NEWEST - BUNDLE) {
      problems.push(
        `rebuilt: ${ledgerToCome} of ${ledgerEntries} entries were left to come behind`,
      );
    }
    const state = await untilAllBack(after, problems);
    await untilRefilled(after);
    await after.stop();
    const at = (site: string) =>
      join(site === 'branch' ? branch : join(folder, 'served', site), 'ledger');
    const old = readLedger(join(folders.of('branch'), 'ledger'), state.verifierKey);
    for (const site of SITES) {
      compareLedgers(join(folders.of('branch'), 'ledger'), at(site), state.verifierKey);
      const { size } = readLedger(at(site), state.verifierKey);
      if (size <= old.size) problems.push(`rebuilt: the ledger at ${site} has ${size} entries`);
    }
    return `${ledgerEntries} entries, ${ledgerToCome} of them behind it; a new call after ${seconds.toFixed(1)} s`;
  } finally {
    await after.stop();
    after.remove();
  }
}

async function untilAllBack(archive: TestArchive, problems: string[]): Promise<LedgerState> {
  for (let waited = 0; ; waited += 250) {
    const state = await archive.json<LedgerState>('auditor', '/ledger/state');
    if (state.toRestore === 0) {
      if (!state.healthy) problems.push('rebuilt: the ledger is not healthy');
      return state;
    }
    if (waited > 600_000) throw new Error(`${state.toRestore} entries did not come back`);
    await sleep(250);
  }
}

/** The new headquarters has whatever the branch has. */
async function untilRefilled(archive: TestArchive): Promise<void> {
  for (let waited = 0; ; waited += 500) {
    const { sites } = await archive.json<{
      sites: { name: string; copies: number; pendingCopies: number }[];
    }>('operator', '/sites');
    const [hq, branch] = ['hq', 'branch'].map((name) => sites.find((one) => one.name === name));
    const isFilled = (hq?.copies ?? 0) > 0 && (hq?.copies ?? 0) >= (branch?.copies ?? 0);
    if (isFilled && sites.every(({ pendingCopies }) => pendingCopies === 0)) return;
    if (waited > 600_000) throw new Error(`not filled again: ${JSON.stringify(sites)}`);
    await sleep(500);
  }
}

/** With the rights of every file. */
function copyWhole(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cp ended with ${status}: ${stderr}`);
}
