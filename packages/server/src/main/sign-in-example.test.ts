import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSignInFile } from './sign-in-file.ts';

const EXAMPLE = join(import.meta.dirname, '../../../../config/sign-in.example.yaml');

it('the example of a sign-in file is one', () => {
  const kinds = readSignInFile(readFileSync(EXAMPLE, 'utf8'), EXAMPLE).map(({ kind }) => kind);
  expect(kinds).toEqual(['oidc', 'ldap', 'wecom']);
});
