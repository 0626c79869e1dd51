import { expect, it } from 'vitest';
import { clientWords } from './client-words.ts';

const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.7444.60 Safari/537.36';

it.each([
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME}`, 'Chrome Windows'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME} Edg/142.0.3595.53`, 'Edge Windows'],
  [`Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0`, 'Firefox Linux'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) Version/18.6 Safari/604.1',
    'Safari iOS',
  ],
  [`Mozilla/5.0 (Windows NT 10.0) ${CHROME} wxwork/4.1.38`, 'WeCom Windows'],
  ['secret-token-138-0000-0000', undefined],
  [undefined, undefined],
])('keeps of %s no more than %s', (userAgent, words) => {
  expect(clientWords(userAgent)).toBe(words);
});
