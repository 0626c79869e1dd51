import { LogError, openCosignatureLine } from '@voxkeep/proof';
import { ArchiveError } from '../core/errors.ts';
import type { Witness, WitnessErrorCode } from './ports.ts';
import type { PublishTarget } from './publish-tree.ts';

/** Why a witness did not countersign. */
export class WitnessError extends ArchiveError<WitnessErrorCode> {
  /** Entries that it has seen of the log, where it says so. */
  readonly seenSize: number | undefined;

  constructor(
    code: WitnessErrorCode,
    { name }: Pick<Witness, 'name'>,
    what: string,
    seenSize?: number,
  ) {
    super(code, `witness ${name} ${what}`, { retry: 'later' });
    this.seenSize = seenSize;
  }
}

/** What a witness said of a checkpoint: when it countersigned, with its signature line. */
export interface Cosigned {
  size: number;
  at: Date;
  line: string;
}

/**
 * Asks a witness to countersign (C2SP tlog-witness), from the size that it is believed to know; it
 * is asked once more from the size that it names instead. Rejects with a WITNESS_… code, of which
 * WITNESS_FORKED and WITNESS_AHEAD say that the witness has seen another history than this one.
 */
export async function askWitness(
  witness: Witness,
  knownSize: number,
  target: PublishTarget,
  prove: (fromSize: number, toSize: number) => Promise<Buffer[]>,
): Promise<Cosigned> {
  let from = knownSize;
  for (let turn = 0; turn < 2; turn += 1) {
    if (from > target.size)
      throw new WitnessError('WITNESS_AHEAD', witness, `has seen ${from}`, from);
    const proof = await prove(from, target.size);
    const hashes = proof.map((hash) => `${hash.toString('base64')}\n`).join('');
    const answer = await witness.addCheckpoint(`old ${from}\n${hashes}\n${target.checkpoint}`);
    if (answer.status === 200) return cosignedIn(witness, target, answer.body);
    if (answer.status === 422) {
      throw new WitnessError('WITNESS_FORKED', witness, 'takes no such proof', from);
    }
    if (answer.status !== 409) {
      throw new WitnessError('WITNESS_REFUSED', witness, `answers ${answer.status}`);
    }
    const [, named] = /^(\d{1,15})\n$/.exec(answer.body) ?? [];
    if (named === undefined || Number(named) === from) {
      throw new WitnessError('WITNESS_FORKED', witness, `holds another tree of ${from}`, from);
    }
    from = Number(named);
  }
  throw new WitnessError('WITNESS_REFUSED', witness, 'names another size each time');
}

function cosignedIn(witness: Witness, target: PublishTarget, body: string): Cosigned {
  const text = target.checkpoint.slice(0, target.checkpoint.indexOf('\n\n') + 1);
  try {
    for (const line of body.trimEnd().split('\n')) {
      const cosigned = openCosignatureLine(text, line, witness.vkey);
      if (cosigned !== undefined) return { size: target.size, ...cosigned };
    }
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
  }
  throw new WitnessError('WITNESS_COSIGNATURE_BAD', witness, 'sent no signature of its key');
}
