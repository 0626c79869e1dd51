import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '../access/client.ts';
import { runVoxkeep } from '../recovery/rebuild.ts';
import { certify } from '../retention/staff.ts';
import { TestArchive } from '../test-archive.ts';
import { copyWhole, filesOf } from './old-copies.ts';
import type { OldRow } from './old-rows.ts';
import { type Stage, until } from './stage.ts';

/**
 * An archive that is rebuilt from a site as it was before the disposals, beside sites of now, with the keys of
 * now: what was disposed of is gone in it too. Resolves to how many records it was rebuilt with.
 */
export async function recoverFromStale(
  { stage, old }: { stage: Stage; old: string },
  ended: { rows: readonly OldRow[]; objects: ReadonlySet<string> },
  living: readonly OldRow[],
  problems: string[],
): Promise<number> {
  const after = new TestArchive();
  const sites = join(after.folder, 'sites');
  mkdirSync(sites);
  await stage.archive.stop();
  copyWhole(join(old, 'sites/cloud'), join(sites, 'cloud'));
  for (const site of ['hq', 'branch']) {
    copyWhole(join(stage.archive.data, 'sites', site), join(sites, site));
  }
  copyWhole(join(stage.archive.folder, 'today'), after.keys);
  const { clock } = stage;
  const places = ['hq', 'branch', 'cloud'].map((site) => `${site}=${join(sites, site)}`).join();
  const env = { ...clock.env, VOXKEEP_SITES: places };
  try {
    const own = ['--keys', after.keys, '--data', after.data, '--json'];
    const { code, out, err } = await runVoxkeep(['recover', '--from', 'cloud', ...own], {
      ...{ ...env, NODE_OPTIONS: clock.nodeArgs.join(' ') },
    });
    if (code !== 0) throw new Error(`recover ended with ${code}: ${err.slice(-2000)}`);
    const { records } = JSON.parse(out) as { records: number };
    await certify(after);
    await after.start([], clock.nodeArgs, { ...env, VOXKEEP_DISPOSAL_AT: 'none' });
    const client = new Client(after);
    await client.signIn(stage.qa.username, stage.qa.password);
    for (const { id } of ended.rows) {
      const { status } = await client.get(`/records/${id}/transcript`);
      if (status !== 410) problems.push(`recovered: the ended ${id} is answered ${status}`);
    }
    let lost = 0;
    for (const { id } of living) {
      const { status } = await client.get(`/records/${id}/transcript`);
      if (status !== 200) lost += 1;
    }
    if (lost > 0) problems.push(`recovered: ${lost} of ${living.length} neighbours do not open`);
    await until(async () => filesOf(ended.objects, sites).length === 0, 'settling after recovery');
    client.close();
    return records;
  } finally {
    await after.stop();
    after.remove();
  }
}
