import type { Match } from './scanned-turn.ts';
import { findSecrets, secretPattern } from './secret-words.ts';

const NAMED = secretPattern('(?<!动态|短信|一次性)密码|(?<!动态)口令|安全码|(?:PIN|pin)码?');

/** Passwords of letters, digits and signs, behind the word that names them. */
export function findPasswords(text: string, turn: number): Match[] {
  return /密码|口令|安全码|pin/i.test(text) ? findSecrets(NAMED, 'password', text, turn) : [];
}
