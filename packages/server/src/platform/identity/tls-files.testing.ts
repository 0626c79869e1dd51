import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../core/clock.ts';
import { ownCertificate } from '../tls/own-certificate.ts';

const THIS_MACHINE = ['localhost', '127.0.0.1'];

export interface TestCertificate {
  key: string;
  cert: string;
  authority: string;
}

/** A certificate, for this machine unless said otherwise, and the authority that signed it, as PEM. */
export async function testCertificate(hostNames = THIS_MACHINE): Promise<TestCertificate> {
  const folder = await mkdtemp(join(tmpdir(), 'voxkeep-identity-'));
  try {
    const made = await ownCertificate({
      ...{ folder: join(folder, 'tls'), keyFolder: join(folder, 'keys') },
      ...{ hostNames, clock: systemClock },
    });
    const authority = await readFile(made.authorityFile, 'utf8');
    return { key: made.key, cert: made.chain, authority };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
