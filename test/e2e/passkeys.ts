import type { CDPSession, Page } from 'playwright-core';

type Credentials = Awaited<ReturnType<typeof credentialsOf>>;

/** What each person's security key holds, from one page to the next. */
const keys = new Map<string, Credentials>();

/**
 * Gives a page this person's security key: Chromium's own, which answers as a touched and unlocked one
 * does. What is registered with it is kept by `keepKey`.
 */
export async function withKey(
  page: Page,
  person: string,
): Promise<{ keepKey: () => Promise<void> }> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
      ...{ hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    },
  });
  for (const credential of keys.get(person) ?? []) {
    await devtools.send('WebAuthn.addCredential', { authenticatorId, credential });
  }
  return {
    keepKey: async () => {
      keys.set(person, await credentialsOf(devtools, authenticatorId));
    },
  };
}

async function credentialsOf(devtools: CDPSession, authenticatorId: string) {
  return (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
}
