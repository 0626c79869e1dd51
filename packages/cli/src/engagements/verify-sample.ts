import { type ProvenSample, SampleError, verifySample } from '@voxkeep/proof';
import type { Command } from 'commander';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';
import { textOf, verifierKeyOf } from '../verifier-key.ts';
import { provenSampleLines } from './sample-lines.ts';

const more = (value: string, before: string[]) => [...before, value];

/** `voxkeep verify sample`: that a sample was drawn as it was promised, verified without the archive. */
export function sampleVerification(verify: Command, { alone, print }: Run): void {
  verify
    .command('sample <file>')
    .description('verify the proof of an auditor’s sample, and say what it proves')
    .option('--key <file>', 'the log’s verifier key, or a file with it, from elsewhere')
    .option('--witness <vkey>', 'verifier key of a witness that has countersigned; again', more, [])
    .action((file: string, options: { key?: string; witness: string[] }) =>
      alone(async ({ json }) => {
        const proven = await verifySampleFile(file, options);
        print(json, proven, () => provenSampleLines(proven, options.key !== undefined));
        return EXIT.ok;
      }),
    );
}

/** Rejects with SAMPLE_… and exit code 1 for what does not hold, and with FILE_UNREADABLE. */
async function verifySampleFile(
  file: string,
  { key, witness: witnesses }: { key?: string; witness: string[] },
): Promise<ProvenSample> {
  const text = await textOf(file);
  const vkey = key === undefined ? undefined : await verifierKeyOf(key);
  try {
    return verifySample(text, { vkey, witnesses });
  } catch (error) {
    if (!(error instanceof SampleError)) throw error;
    throw new CommandError(error.code, `${file}: ${error.message}`, EXIT.failed);
  }
}
