import { Client } from './access/client.ts';
import { judgeCells } from './access/judge-cells.ts';
import { Seeded } from './access/random.ts';
import { TestArchive } from './test-archive.ts';

const TIME_ZONE = 'Asia/Shanghai';

/** Who may see what, from the outside, against an oracle written from the documents alone. */
export async function proveAccess(say: (line: string) => void): Promise<string[]> {
  const small = process.argv.includes('--small');
  const seedAt = process.argv.indexOf('--seed');
  const seed = seedAt < 0 ? Date.now() % 1_000_000_007 : Number(process.argv[seedAt + 1]);
  say(`seed ${seed}`);
  const archive = new TestArchive();
  const problems: string[] = [];
  try {
    await archive.start();
    const admin = new Client(archive);
    const account = archive.accounts.accounts.find(({ username }) => username === 'admin');
    await admin.signIn('admin', account?.password ?? '');
    const random = new Seeded(seed);
    const sizes = small ? { part: 0.03, atRandom: 5000 } : { part: 1, atRandom: 60_000 };
    const cells = await judgeCells(admin, { random, ...sizes, timeZone: TIME_ZONE }, problems);
    say(`${cells} cells judged`);
    if (problems.length === 0) say(`prove access: OK ${cells} cells`);
  } finally {
    await archive.stop();
    archive.remove();
  }
  return problems;
}
