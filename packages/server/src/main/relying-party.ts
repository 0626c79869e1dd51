import { isIP } from 'node:net';
import type { RelyingParty } from '../record/assertion.ts';
import type { Config } from './config.ts';

/**
 * Whose pages passkeys belong to: the archive's names (never addresses, WebAuthn knows none) at its
 * port, or the one public address that a proxy in front gives it.
 */
export function relyingPartyOf(
  config: Pick<Config, 'hostNames' | 'publicUrl'>,
  port: number,
): RelyingParty {
  if (config.publicUrl !== undefined) {
    const { hostname, origin } = new URL(config.publicUrl);
    return { ids: [hostname], origins: [origin] };
  }
  const ids = config.hostNames.filter((name) => isIP(name) === 0);
  return { ids, origins: ids.map((name) => new URL(`https://${name}:${port}`).origin) };
}
