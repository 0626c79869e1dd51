import { createHash } from 'node:crypto';
import { type Judges, told } from './judges.ts';
import { type MadeLedger, SITES } from './make-ledger.ts';
import { Scratch } from './scratch.ts';

const GO_EVERY = 10;

interface Flips {
  flips: number;
  byGo: number;
}

/**
 * Flips single bits all over the three sites' files, one at a time, and has each found out in the
 * file that it is in. The sites are gone through side by side, each by judges of its own. Resolves to
 * how many were found out; the same count flips the same bits.
 */
export async function judgeBitFlips(
  ledger: MadeLedger,
  judgesOf: () => Judges,
  folder: string,
  count: number,
  problems: string[],
): Promise<Flips> {
  const done = await Promise.all(
    SITES.map(async (site, place) => {
      const judges = judgesOf();
      try {
        const share = Math.floor(count / SITES.length) + (place < count % SITES.length ? 1 : 0);
        const other = ledger.whole(SITES[(place + 1) % SITES.length] ?? 'hq');
        const scratch = new Scratch(`${folder}/${site}`, ledger, site);
        return await flipAt(scratch, judges, other, share, problems);
      } finally {
        await judges.end();
      }
    }),
  );
  const sum = (of: (one: Flips) => number) => done.reduce((all, one) => all + of(one), 0);
  return { flips: sum((one) => one.flips), byGo: sum((one) => one.byGo) };
}

async function flipAt(
  scratch: Scratch,
  judges: Judges,
  other: string,
  count: number,
  problems: string[],
): Promise<Flips> {
  let [flips, byGo] = [0, 0];
  const { site } = scratch;
  const files = scratch.files();
  for (let turn = 0; turn < count; turn += 1) {
    const random = createHash('sha256').update(`${site} ${turn}`).digest();
    const file = files[random.readUInt32BE(0) % files.length] ?? '';
    const good = scratch.read(file);
    const at = random.readUIntBE(4, 6) % (good.length * 8);
    const bent = Buffer.from(good);
    bent[at >> 3] = (bent[at >> 3] ?? 0) ^ (1 << (at & 7));
    scratch.write(file, bent);
    const where = `${site}/${file}, bit ${at & 7} of byte ${at >> 3}`;
    const verdict = await judges.verify(scratch.folder, [other]);
    const found = [...(verdict.problems ?? []), ...(verdict.notices ?? [])];
    if (!verdict.ok && found.some((one) => one.file === file)) flips += 1;
    else problems.push(`${where}: ${told(verdict)}`);
    if (turn % GO_EVERY === 0 && isOfTheTree(file, scratch)) {
      const { ok } = await judges.verifyByGo(scratch.folder);
      if (ok) problems.push(`${where}: the Go program took it`);
      else byGo += 1;
    }
    scratch.write(file, good);
  }
  const after = await judges.verify(scratch.folder, [other]);
  if (!after.ok) problems.push(`${site}: does not verify with every bit back: ${told(after)}`);
  return { flips, byGo };
}

/** Files that the newest tree is read from; the Go program looks at no other. */
function isOfTheTree(file: string, scratch: Scratch): boolean {
  if (/^tile\/(entries|0)\/\d{3}$/.test(file)) return true;
  return [scratch.newest('entries'), scratch.newest('0'), 'tile/1/000.p/2'].includes(file);
}
