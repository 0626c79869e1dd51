import 'reflect-metadata';
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  webcrypto,
  X509Certificate,
} from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import type { Clock } from '../../core/clock.ts';

x509.cryptoProvider.set(webcrypto as never);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const RENEW_BEFORE_MS = 30 * DAY_MS;

export interface ServerCertificate {
  key: string;
  /** Server certificate and the authority's, PEM. */
  chain: string;
  /** Of the authority: what a person installs. */
  authorityFile: string;
  /** SHA-256 of the server certificate, as browsers show it. */
  fingerprint: string;
}

/**
 * The archive's own certificate authority and server certificate, made at first start and renewed
 * a month before they end. Private keys lie in `keyFolder` (0600), certificates in `folder`.
 */
export async function ownCertificate(options: {
  folder: string;
  keyFolder: string;
  hostNames: string[];
  clock: Clock;
}): Promise<ServerCertificate> {
  const { folder, keyFolder, hostNames, clock } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await mkdir(keyFolder, { recursive: true, mode: 0o700 });
  const authorityFile = join(folder, 'authority.pem');
  const chainFile = join(folder, 'server.pem');
  const keyFile = join(keyFolder, 'server.key');
  if (!(await isPair(authorityFile, join(keyFolder, 'authority.key')))) {
    await makeAuthority(authorityFile, keyFolder, clock);
  }
  if (!(await stillGood(chainFile, keyFile, hostNames, clock))) {
    await makeServerCertificate({ authorityFile, keyFolder, chainFile, keyFile, hostNames, clock });
  }
  const chain = await readFile(chainFile, 'utf8');
  const key = await readFile(keyFile, 'utf8');
  return { key, chain, authorityFile, fingerprint: new X509Certificate(chain).fingerprint256 };
}

async function stillGood(
  chainFile: string,
  keyFile: string,
  hostNames: string[],
  clock: Clock,
): Promise<boolean> {
  if (!(await isPair(chainFile, keyFile))) return false;
  const certificate = new X509Certificate(await readFile(chainFile));
  const ends = new Date(certificate.validTo).getTime();
  if (ends - clock.now().getTime() < RENEW_BEFORE_MS) return false;
  const covers = (name: string) =>
    isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name);
  return hostNames.every((name) => covers(name) !== undefined);
}

/** Whether both are there and belong together: another data folder may have used the key folder. */
async function isPair(certificateFile: string, keyFile: string): Promise<boolean> {
  if (!existsSync(certificateFile) || !existsSync(keyFile)) return false;
  const certificate = new X509Certificate(await readFile(certificateFile));
  return certificate.checkPrivateKey(createPrivateKey(await readFile(keyFile)));
}

/**
 * Of the key that is there, when there is one: who trusts the archive goes on doing so when its data folder
 * was lost.
 */
async function makeAuthority(file: string, keyFolder: string, clock: Clock): Promise<void> {
  const keyFile = join(keyFolder, 'authority.key');
  const keys = existsSync(keyFile)
    ? await pairOf(await readFile(keyFile, 'utf8'))
    : await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const now = clock.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Voxkeep archive authority',
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + 3650 * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys: keys as never,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as never),
    ],
  });
  if (!existsSync(keyFile)) await writePrivate(keyFile, await exportKey(keys.privateKey));
  await writeWhole(file, certificate.toString('pem'), 0o644);
}

async function makeServerCertificate(options: {
  authorityFile: string;
  keyFolder: string;
  chainFile: string;
  keyFile: string;
  hostNames: string[];
  clock: Clock;
}): Promise<void> {
  const authorityPem = await readFile(options.authorityFile, 'utf8');
  const authority = new x509.X509Certificate(authorityPem);
  const authorityKey = await importKey(
    await readFile(join(options.keyFolder, 'authority.key'), 'utf8'),
  );
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const now = options.clock.now();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${options.hostNames[0]}`,
    issuer: authority.subject,
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + 397 * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey as never,
    signingKey: authorityKey as never,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        options.hostNames.map((name) => ({
          type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const),
          value: name,
        })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  await writePrivate(options.keyFile, await exportKey(keys.privateKey));
  await writeWhole(options.chainFile, `${certificate.toString('pem')}\n${authorityPem}`, 0o644);
}

const serialNumber = () =>
  createHash('sha256')
    .update(webcrypto.getRandomValues(new Uint8Array(16)))
    .digest('hex')
    .slice(0, 30);

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = await webcrypto.subtle.exportKey('pkcs8', key);
  return x509.PemConverter.encode(bytes, 'PRIVATE KEY');
}

async function pairOf(pem: string) {
  const publicKey = createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'der' });
  return {
    privateKey: await importKey(pem),
    publicKey: await webcrypto.subtle.importKey('spki', publicKey, ALGORITHM, true, ['verify']),
  };
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const [bytes] = x509.PemConverter.decode(pem);
  if (bytes === undefined) throw new Error('authority.key holds no key');
  return (await webcrypto.subtle.importKey('pkcs8', bytes, ALGORITHM, false, [
    'sign',
  ])) as webcrypto.CryptoKey;
}

const writePrivate = (file: string, text: string) => writeWhole(file, text, 0o600);

async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  await writeFile(`${file}.new`, text, { mode });
  await rename(`${file}.new`, file);
}
