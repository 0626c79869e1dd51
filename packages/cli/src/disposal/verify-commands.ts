import { CertificateError, type ProvenCertificate, verifyCertificate } from '@voxkeep/proof';
import type { Command } from 'commander';
import { sampleVerification } from '../engagements/verify-sample.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Run } from '../run.ts';
import { textOf, verifierKeyOf } from '../verifier-key.ts';
import { certificateLines } from './certificate-lines.ts';

const more = (value: string, before: string[]) => [...before, value];

/** `voxkeep verify …`: what the archive gave out, verified without it. */
export function verifyCommands(program: Command, run: Run): void {
  const { alone, print } = run;
  const verify = program.command('verify').description('verify what the archive gave out, offline');
  sampleVerification(verify, run);
  verify
    .command('certificate <file>')
    .description('verify a deletion certificate, and say what it proves')
    .option('--key <file>', 'the log’s verifier key, or a file with it, from elsewhere')
    .option('--witness <vkey>', 'verifier key of a witness that has countersigned; again', more, [])
    .action((file: string, options: { key?: string; witness: string[] }) =>
      alone(async ({ json }) => {
        const proven = await verifyCertificateFile(file, options);
        print(json, proven, () => certificateLines(proven, options.key !== undefined));
        return EXIT.ok;
      }),
    );
}

/** Rejects with CERTIFICATE_… and exit code 1 for what does not hold, and with FILE_UNREADABLE. */
async function verifyCertificateFile(
  file: string,
  { key, witness: witnesses }: { key?: string; witness: string[] },
): Promise<ProvenCertificate> {
  const text = await textOf(file);
  const vkey = key === undefined ? undefined : await verifierKeyOf(key);
  try {
    return verifyCertificate(text, { vkey, witnesses });
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    throw new CommandError(error.code, `${file}: ${error.message}`, EXIT.failed);
  }
}
