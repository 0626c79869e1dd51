import type { Match } from './scanned-turn.ts';
import { findSecrets, secretPattern } from './secret-words.ts';

const NAMED = secretPattern(
  '验证码|校验码|动态码|动态密码|动态口令|短信码|短信密码|随机码|确认码|一次性密码|授权码|(?<![A-Za-z])(?:[Cc]ode|CODE|OTP)(?![A-Za-z])',
);

/** Verification codes, behind the word that names them. */
export function findVerificationCodes(text: string, turn: number): Match[] {
  return /码|口令|code|otp/i.test(text) ? findSecrets(NAMED, 'verification_code', text, turn) : [];
}
