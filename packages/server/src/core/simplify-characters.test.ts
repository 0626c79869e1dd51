import { expect, test } from 'vitest';
import { simplifyCharacters } from './simplify-characters.ts';

test('traditional characters become simplified ones in the same places', () => {
  expect(simplifyCharacters('身份證號碼和銀行帳戶')).toBe('身份证号码和银行帐户');
  expect(simplifyCharacters('简体字, ABC 123 😀 不变')).toBe('简体字, ABC 123 😀 不变');
});
