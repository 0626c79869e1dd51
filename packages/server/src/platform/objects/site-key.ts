import { SITE_KEY } from '../../place/ports.ts';
import { failure } from './site-failure.ts';

/** Throws OBJECT_KEY_UNSAFE for what could leave its place. */
export function assertKey(key: string): void {
  if (!SITE_KEY.test(key)) throw failure('OBJECT_KEY_UNSAFE', `not a key: ${key.slice(0, 80)}`);
}
