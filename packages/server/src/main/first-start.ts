import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { makeDemoAccounts } from '../access/index.ts';
import { archiveSamples, type SampleProgress } from './archive-samples.ts';
import type { Archive } from './open-archive.ts';

const SAMPLES = resolve(import.meta.dirname, '../../../../samples');
/** Only these are read without ffmpeg. */
const PLAIN = '.wav';

/**
 * Demo accounts, with their passwords in `accountsFile`, and the sample calls. After a start that
 * was broken off it makes what is missing: the same call again is the same record.
 */
export async function fillArchive(archive: Archive, accountsFile: string): Promise<void> {
  const { db, signIn } = archive;
  const someone = await db.selectFrom('staff').select('actor_id').limit(1).executeTakeFirst();
  if (someone === undefined) {
    await db.transaction().execute(async (tx) => {
      const accounts = await makeDemoAccounts({ ...signIn, db: tx });
      // Before the commit: passwords of accounts that exist are always in the file.
      await writeFile(accountsFile, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600 });
    });
  }
  const show = process.stderr.isTTY === true ? drawBars : () => undefined;
  const endings = archive.ffmpeg() === undefined ? [PLAIN] : [PLAIN, '.mp4'];
  const { reached, total, quarantined } = await archiveSamples(archive, SAMPLES, endings, show);
  if (process.stderr.isTTY === true) process.stderr.write('\n'.repeat(Object.keys(reached).length));
  process.stderr.write(
    `样例通话 sample calls: ${reached.archived} of ${total} archived, ${quarantined} in quarantine\n`,
  );
}

/** What each state is called on the way, the Chinese padded to one width. */
const STEP_NAMES: Record<string, string> = {
  received: '接收 received',
  probed: '检测 probed',
  transcribed: '转写 transcribed',
  redacted: '脱敏 redacted',
  classified: '分类 classified',
  sealed: '封存 sealed',
  archived: '归档 archived',
};
const NAME_CHARACTERS = 14;
const BAR_CHARACTERS = 26;

function drawBars({ reached, total }: SampleProgress): void {
  const bars = Object.entries(reached).map(([step, count]) => {
    const full = Math.round((count / Math.max(1, total)) * BAR_CHARACTERS);
    const bar = '█'.repeat(full) + '░'.repeat(BAR_CHARACTERS - full);
    const name = (STEP_NAMES[step] ?? step).padEnd(NAME_CHARACTERS);
    return `  ${name}  ${bar}  ${String(count).padStart(String(total).length)}/${total}`;
  });
  process.stderr.write(`${bars.join('\n')}\x1b[${bars.length - 1}A\r`);
}
