import { isIPv6 } from 'node:net';
import type { Config } from './config.ts';

/** `https://host:port` as browsers see the archive: its public address, or its first name. */
export function publicOriginOf(config: Pick<Config, 'hostNames' | 'publicUrl' | 'port'>): string {
  if (config.publicUrl !== undefined) return new URL(config.publicUrl).origin;
  const [name = 'localhost'] = config.hostNames;
  const host = isIPv6(name) ? `[${name}]` : name;
  return new URL(`https://${host}:${config.port}`).origin;
}
