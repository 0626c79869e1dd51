import { cosigner, logName, openCheckpoint, originIn, verifyConsistency } from '@voxkeep/proof';
import { ArchiveError } from '../core/errors.ts';
import type { Witness } from './ports.ts';

/** A witness in memory that keeps to C2SP tlog-witness, with faults to switch on. */
export interface MemoryWitness extends Witness {
  /** Lets it countersign the log of that verifier key. */
  trust(logVkey: string): void;
  /** What it countersigned last of the log that it knew first. */
  readonly seen: { size: number; root: Buffer };
  /** While set: it does not answer, or answers with a signature over something else. */
  fault: 'down' | 'lies' | undefined;
  /** Checkpoints that it countersigned. */
  cosigned: number;
}

export function memoryWitness(name: string, seed: number, logVkey: string): MemoryWitness {
  const signer = cosigner(name, Buffer.alloc(32, seed));
  const first = { vkey: logVkey, seen: { size: 0, root: Buffer.of() } };
  const logs = new Map([[logName(logVkey), first]]);
  const witness: MemoryWitness = {
    ...{ name, vkey: signer.vkey, fault: undefined, cosigned: 0, seen: first.seen },
    trust: (vkey) => void logs.set(logName(vkey), { vkey, seen: { size: 0, root: Buffer.of() } }),
    async addCheckpoint(body) {
      if (witness.fault === 'down') {
        throw new ArchiveError('WITNESS_UNREACHABLE', 'switched off', { retry: 'later' });
      }
      const gap = body.indexOf('\n\n');
      const note = body.slice(gap + 2);
      const [old = '', ...proof] = body.slice(0, gap).split('\n');
      const known = logs.get(originIn(note));
      if (known === undefined) return { status: 404, body: '' };
      const { seen } = known;
      const { size, root } = openCheckpoint(note, known.vkey);
      const conflict = { status: 409, body: `${seen.size}\n` };
      if (old !== `old ${seen.size}`) return conflict;
      if (size === seen.size && !root.equals(seen.root)) return conflict;
      if (seen.size > 0) {
        try {
          verifyConsistency({
            ...{ fromSize: seen.size, fromRoot: seen.root, toSize: size },
            ...{ toRoot: root, proof: proof.map((line) => Buffer.from(line, 'base64')) },
          });
        } catch {
          return { status: 422, body: '' };
        }
      }
      Object.assign(seen, { size, root });
      witness.cosigned += 1;
      const text = witness.fault === 'lies' ? 'x\n1\ny\n' : note.slice(0, note.indexOf('\n\n') + 1);
      return { status: 200, body: `${signer.cosign(text, new Date())}\n` };
    },
  };
  return witness;
}
