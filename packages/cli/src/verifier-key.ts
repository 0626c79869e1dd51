import { readFile } from 'node:fs/promises';
import { CommandError, EXIT } from './exit-codes.ts';

/** A verifier key, or what a file says is one: a key has two plus signs, and a file's name has not. */
export async function verifierKeyOf(given: string): Promise<string> {
  const isKey = /^[^+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+$/.test(given);
  return isKey ? given : (await textOf(given)).trim();
}

/** Rejects with FILE_UNREADABLE. */
export async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new CommandError('FILE_UNREADABLE', `cannot read ${file}`, EXIT.usage);
  });
}
