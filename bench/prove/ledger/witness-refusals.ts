import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkpointText, consistency, signNote } from '../../oracle/write-ledger.ts';
import type { MadeLedger } from './make-ledger.ts';

/**
 * With the log's stolen key, each witness is asked to countersign forks and rollbacks: it does not,
 * keeps the evidence, and has forgotten nothing after a power cut. `all` are the entries of the
 * stopped archive. Resolves to how often witnesses refused.
 */
export async function judgeWitnesses(
  ledger: MadeLedger,
  all: Buffer[],
  problems: string[],
): Promise<number> {
  const { logKey } = ledger;
  let refused = 0;
  for (const witness of ledger.witnesses) {
    // The archive's last words came after the copy, and not every witness was still asked.
    const shown = await witness.ask('GET', '/checkpoint');
    const size = Number(shown.body.split('\n')[1]);
    const entries = all.slice(0, size);
    const other = entries.with(9, Buffer.from('{"v":1,"forged":true}'));
    const more = [...other, Buffer.from('{"v":1}')];
    const submit = async (
      what: string,
      status: number,
      body: { old: number; tree: Buffer[]; size: number },
      key = logKey,
    ) => {
      const { root, proof } = consistency(body.tree, Math.min(body.old, body.size), body.size);
      const note = signNote(checkpointText(key.name, body.size, root), key);
      const lines = proof.map((hash) => `${hash.toString('base64')}\n`).join('');
      const answer = await witness.ask(
        'POST',
        '/add-checkpoint',
        `old ${body.old}\n${lines}\n${note}`,
      );
      if (answer.status === status && !answer.body.includes('\u2014')) refused += 1;
      else problems.push(`${witness.name}: ${what}: answered ${answer.status}, not ${status}`);
      return answer.body;
    };
    for (const turn of ['before', 'after a power cut']) {
      await submit(`a fork of the same size, ${turn}`, 409, { old: size, tree: other, size });
      await submit(`a longer fork, ${turn}`, 422, { old: size, tree: more, size: size + 1 });
      const back = { old: 100, tree: entries, size: size - 5 };
      const says = await submit(`a rollback, ${turn}`, 409, back);
      if (says !== `${size}\n`) problems.push(`${witness.name}: does not tell its size: ${says}`);
      await submit(`a larger old size, ${turn}`, 400, { old: size, tree: entries, size: size - 5 });
      const stranger = { ...logKey, seed: Buffer.alloc(32, 77) };
      await submit(
        `another key, ${turn}`,
        403,
        { old: size, tree: more, size: size + 1 },
        stranger,
      );
      const unknown = { name: 'elsewhere/log', seed: logKey.seed };
      await submit(`another log, ${turn}`, 404, { old: 0, tree: entries, size }, unknown);
      if (turn !== 'before') continue;
      await witness.kill();
      await witness.start();
    }
    const { body } = await witness.ask('GET', '/checkpoint');
    if (!body.startsWith(`${logKey.name}\n${size}\n`)) {
      problems.push(`${witness.name}: remembers another checkpoint`);
    }
    if (readdirSync(join(witness.folder, 'evidence')).length !== 2) {
      problems.push(`${witness.name}: did not keep the two forks as evidence`);
    }
  }
  return refused;
}
