import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../core/clock.ts';
import { ownCertificate } from '../tls/own-certificate.ts';

/** A certificate for this machine and the authority that signed it, as PEM. */
export async function testCertificate(): Promise<{ key: string; cert: string; authority: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'voxkeep-identity-'));
  try {
    const made = await ownCertificate({
      ...{ folder: join(folder, 'tls'), keyFolder: join(folder, 'keys') },
      ...{ hostNames: ['localhost', '127.0.0.1'], clock: systemClock },
    });
    const authority = await readFile(made.authorityFile, 'utf8');
    return { key: made.key, cert: made.chain, authority };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
