import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type {
  IdentityProvider,
  PasswordProvider,
  ProvenIdentity,
  RedirectProvider,
} from '../../access/identity/ports.ts';
import { ArchiveError } from '../../core/errors.ts';

export const CALLBACK = 'https://archive.example/auth/one/callback';
/** Quotes, markup, pieces of filters and of SQL, a backslash, another direction, beyond the BMP. */
export const HOSTILE_NAME = `O'Brien "<b>*)(uid=*)</b>"; drop \\ %00 \u202egnaw 𠮷😀`;

interface Faults {
  /** PEM of the only authority that is trusted. */
  authority?: string;
  timeoutMs?: number;
  /** Configured with an address at which nothing listens. */
  nowhere?: boolean;
}

/** One kind of provider with people in it, of whom the suite tries to be one. */
export interface ProviderScene {
  /** The provider as it is configured here, but for what is said. */
  provider(faults?: Faults): IdentityProvider;
  /** Of each the name to give on the way in, and what is to come out. */
  people: Record<'plain' | 'hostile', { login: string; identity: ProvenIdentity }>;
  /** Signs in on the provider's pages; where the browser is sent back to. */
  walk?: (url: string, login: string) => Promise<URL>;
  passwordOf?: (login: string) => string;
  /** Lets it take connections and answer nothing, or go on. */
  hang(on: boolean): void;
  stop(): Promise<void>;
}

export type Guarantee = 'wrong secret' | 'replay' | 'other browser' | 'typed names';

/** How a kind of provider is opened, and what it cannot be asked for by its nature, with the reason. */
export interface ProviderContract {
  open(at?: { hostNames: string[] }): Promise<ProviderScene>;
  without: Partial<Record<Guarantee, string>>;
}

const SHORT_MS = 400;
const LONG_MS = 5_000;
const TYPED = ['*', '*)(uid=*', HOSTILE_NAME, '\u0000', "' or 1=1 --", '../..', 'x'.repeat(5_000)];

/** What every provider of identities has to keep, whatever protocol it speaks. */
export function identityProviderContract(
  kind: string,
  { open, without }: ProviderContract,
  wrongAuthority: () => Promise<string>,
): void {
  describe(`${kind} as a provider of identities`, () => {
    let scene: ProviderScene;
    beforeAll(async () => {
      scene = await open();
    });
    afterEach(() => scene.hang(false));
    afterAll(() => scene.stop());
    const where = (what: Guarantee, name: string, work: () => Promise<void>) => {
      const reason = without[what];
      if (reason === undefined) it(name, work);
      else it.skip(`${name} (${reason})`, work);
    };
    const come = (faults: Faults = {}) =>
      proved(scene, scene.provider(faults), scene.people.plain.login);

    it('says of the right person who that is, with claims, and the same again', async () => {
      const { login, identity } = scene.people.plain;
      expect(await proved(scene, scene.provider(), login)).toEqual(identity);
      expect(await proved(scene, scene.provider(), login)).toEqual(identity);
    });

    it('gives hostile names as they are, and takes nobody for somebody else', async () => {
      const { login, identity } = scene.people.hostile;
      expect(await proved(scene, scene.provider(), login)).toEqual(identity);
      expect(identity.subject).not.toBe(scene.people.plain.identity.subject);
    });

    where('wrong secret', 'proves nobody by a wrong secret', async () => {
      const { login } = scene.people.plain;
      for (const secret of ['wrong', '', HOSTILE_NAME]) {
        expect(await outcome(proved(scene, scene.provider(), login, secret))).toBe('refused');
      }
    });

    where('typed names', 'proves nobody by a name with anything in it', async () => {
      const password = scene.passwordOf?.(scene.people.plain.login) ?? '';
      const provider = scene.provider() as PasswordProvider;
      for (const name of TYPED) {
        expect(await outcome(provider.prove(name, password))).toBe('refused');
      }
    });

    where('replay', 'takes what proves a person once', async () => {
      const provider = scene.provider() as RedirectProvider;
      const { arrival, memory } = await walked(scene, provider);
      expect(await outcome(provider.finish(CALLBACK, arrival, memory))).toBe('proved');
      expect(await outcome(provider.finish(CALLBACK, arrival, memory))).toBe('refused');
    });

    where('other browser', 'proves nobody to a browser that did not begin', async () => {
      const provider = scene.provider() as RedirectProvider;
      const { arrival } = await walked(scene, provider);
      const other = await provider.begin(CALLBACK);
      expect(await outcome(provider.finish(CALLBACK, arrival, other.memory))).toBe('refused');
      expect(await outcome(provider.finish(CALLBACK, arrival, {}))).toBe('refused');
      const bare = new URL(arrival);
      bare.searchParams.delete('state');
      expect(await outcome(provider.finish(CALLBACK, bare, other.memory))).toBe('refused');
    });

    it('says that nothing answers where nothing listens', async () => {
      expect(await outcome(come({ nowhere: true }))).toBe('unreachable');
    });

    it('waits for a provider that stands still no longer than it is told', async () => {
      const began = performance.now();
      const { provider, finish } = await begun(scene, { timeoutMs: SHORT_MS });
      scene.hang(true);
      expect(await outcome(finish())).toBe('unreachable');
      expect(await outcome(come({ timeoutMs: SHORT_MS }))).toBe('unreachable');
      expect(performance.now() - began).toBeLessThan(LONG_MS);
      scene.hang(false);
      // What was waited for in vain is not in the way of the next.
      const { login, identity } = scene.people.plain;
      expect(await proved(scene, provider, login)).toEqual(identity);
    });

    it('gives nothing to a server whose certificate no trusted authority signed', async () => {
      expect(await outcome(come({ authority: await wrongAuthority() }))).toBe('unreachable');
    });

    it('gives nothing to a server whose certificate is for another host', async () => {
      const other = await open({ hostNames: ['elsewhere.example'] });
      try {
        const { login } = other.people.plain;
        expect(await outcome(proved(other, other.provider(), login))).toBe('unreachable');
      } finally {
        await other.stop();
      }
    });

    it('says that nothing answers when the provider goes away on the way', async () => {
      const other = await open();
      const { finish } = await begun(other);
      await other.stop();
      expect(await outcome(finish())).toBe('unreachable');
    });
  });
}

/** The whole way; `secret` takes the place of the person's password or of the code that came back. */
async function proved(
  scene: ProviderScene,
  provider: IdentityProvider,
  login: string,
  secret?: string,
): Promise<ProvenIdentity | undefined> {
  if (provider.kind === 'password') {
    return provider.prove(login, secret ?? scene.passwordOf?.(login) ?? '');
  }
  const { arrival, memory } = await walked(scene, provider, login);
  if (secret !== undefined) arrival.searchParams.set('code', secret);
  return provider.finish(CALLBACK, arrival, memory);
}

async function walked(
  scene: ProviderScene,
  provider: RedirectProvider,
  login = scene.people.plain.login,
) {
  const { url, memory } = await provider.begin(CALLBACK);
  if (scene.walk === undefined) throw new Error('this scene has no pages to walk');
  return { arrival: await scene.walk(url, login), memory };
}

/** Everything but the last step, in which the archive asks the provider. */
async function begun(scene: ProviderScene, faults: Faults = {}) {
  const provider = scene.provider(faults);
  const { login } = scene.people.plain;
  if (provider.kind === 'password')
    return { provider, finish: () => proved(scene, provider, login) };
  const { arrival, memory } = await walked(scene, provider);
  return { provider, finish: () => provider.finish(CALLBACK, arrival, memory) };
}

/** Every way in has these three ends and no other: a wrong password is no error, a wrong code is one. */
async function outcome(
  trying: Promise<ProvenIdentity | undefined>,
): Promise<'proved' | 'refused' | 'unreachable'> {
  try {
    return (await trying) === undefined ? 'refused' : 'proved';
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    if (error.code === 'IDENTITY_REFUSED') return 'refused';
    if (error.code === 'PROVIDER_UNREACHABLE' && error.retry === 'later') return 'unreachable';
    throw error;
  }
}
