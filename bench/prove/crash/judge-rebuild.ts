import { join } from 'node:path';
import { compareCatalogs } from '../recovery/compare-catalogs.ts';
import { rebuildFrom } from '../recovery/rebuild.ts';
import type { Scene } from './scene.ts';

const DATABASE = 'rebuilt';

/**
 * Stops the archive and makes another one of what lies at one site alone: every row is the same. Resolves
 * to how many there are.
 */
export async function judgeRebuild(scene: Scene, problems: string[]): Promise<number> {
  const { archive, postgres } = scene;
  const exitCode = await archive.stop();
  if (exitCode !== 0) problems.push(`the archive ended with ${exitCode}`);
  await postgres.create(DATABASE);
  const { report } = await rebuildFrom('hq', {
    ...{ folder: join(archive.folder, DATABASE), siteFolder: join(archive.data, 'sites/hq') },
    ...{ keys: archive.keys, urlFile: postgres.urlFile(DATABASE) },
  });
  const { gaps, journalBehind, unknownRecords } = report;
  if (gaps.length > 0 || journalBehind || unknownRecords > 0) {
    problems.push(`rebuilt from hq: ${JSON.stringify({ gaps, journalBehind, unknownRecords })}`);
  }
  const rebuilt = await postgres.connect(DATABASE);
  try {
    const { rows, differences } = await compareCatalogs(scene.catalog, rebuilt, 'hq');
    for (const { table, onlyLive, onlyRebuilt, example } of differences) {
      problems.push(`rebuilt: ${table}: ${onlyLive} rows missing, ${onlyRebuilt} more: ${example}`);
    }
    return rows;
  } finally {
    await rebuilt.end();
  }
}
