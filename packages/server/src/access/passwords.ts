import { hash, verify } from '@node-rs/argon2';
import { accessError } from './access-error.ts';

/** OWASP's first choice for argon2id: 19 MiB, two passes. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const SHORTEST = 12;
const FEWEST_DIFFERENT = 6;

export const hashPassword = (password: string): Promise<string> => hash(password, ARGON2);

let ofNobody: Promise<string> | undefined;

/** Takes as long where there is nothing to compare with, so that its time tells no names. */
export async function isPassword(hashed: string | null | undefined, password: string) {
  ofNobody ??= hashPassword('nobody has this password');
  const right = await verify(hashed ?? (await ofNobody), password);
  return right && typeof hashed === 'string';
}

/**
 * Length before variety of classes (NIST SP 800-63B, 5.1.1.2), and nothing that names its owner.
 * Throws PASSWORD_WEAK.
 */
export function demandStrength(password: string, username: string): void {
  const weak = (why: string) => accessError('PASSWORD_WEAK', why, 'password');
  if ([...password].length < SHORTEST) throw weak(`at least ${SHORTEST} characters`);
  if (new Set(password).size < FEWEST_DIFFERENT) throw weak('too few different characters');
  if (password.toLowerCase().includes(username.toLowerCase()) && username.length > 3) {
    throw weak('must not contain the user name');
  }
}
