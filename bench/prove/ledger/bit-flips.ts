import { createHash } from 'node:crypto';
import { type Judges, told } from './judges.ts';
import { type MadeLedger, SITES } from './make-ledger.ts';
import { Scratch } from './scratch.ts';

const GO_EVERY = 10;

/**
 * Flips single bits all over the three sites' files, one at a time, and has each found out in the
 * file that it is in. Resolves to how many were; the same seed flips the same bits.
 */
export async function judgeBitFlips(
  ledger: MadeLedger,
  judges: Judges,
  folder: string,
  count: number,
  problems: string[],
): Promise<{ flips: number; byGo: number }> {
  let [flips, byGo] = [0, 0];
  for (const [place, site] of SITES.entries()) {
    const scratch = new Scratch(`${folder}/${site}`, ledger, site);
    const files = scratch.files();
    const against = [ledger.whole(SITES[(place + 1) % SITES.length] ?? 'hq')];
    const share = Math.floor(count / SITES.length) + (place < count % SITES.length ? 1 : 0);
    for (let turn = 0; turn < share; turn += 1) {
      const random = createHash('sha256').update(`${site} ${turn}`).digest();
      const file = files[random.readUInt32BE(0) % files.length] ?? '';
      const good = scratch.read(file);
      const at = random.readUIntBE(4, 6) % (good.length * 8);
      const bent = Buffer.from(good);
      bent[at >> 3] = (bent[at >> 3] ?? 0) ^ (1 << (at & 7));
      scratch.write(file, bent);
      const verdict = await judges.verify(scratch.folder, against);
      const found = [...(verdict.problems ?? []), ...(verdict.notices ?? [])];
      if (!verdict.ok && found.some((one) => one.file === file)) flips += 1;
      else problems.push(`${site}/${file}, bit ${at & 7} of byte ${at >> 3}: ${told(verdict)}`);
      if (turn % GO_EVERY === 0 && isOfTheTree(file, scratch)) {
        if ((await judges.verifyByGo(scratch.folder)).ok) {
          problems.push(
            `${site}/${file}, bit ${at & 7} of byte ${at >> 3}: the Go program took it`,
          );
        } else byGo += 1;
      }
      scratch.write(file, good);
    }
    const after = await judges.verify(scratch.folder, against);
    if (!after.ok) problems.push(`${site}: does not verify with every bit back: ${told(after)}`);
  }
  return { flips, byGo };
}

/** Files that the newest tree is read from; the Go program looks at no other. */
function isOfTheTree(file: string, scratch: Scratch): boolean {
  if (/^tile\/(entries|0)\/\d{3}$/.test(file)) return true;
  return [scratch.newest('entries'), scratch.newest('0'), 'tile/1/000.p/2'].includes(file);
}
