import { placeError } from './site-set.ts';

const KEY = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** Throws OBJECT_KEY_UNSAFE for what could leave its place. */
export function assertKey(key: string): void {
  if (!KEY.test(key)) throw placeError('OBJECT_KEY_UNSAFE', `not a key: ${key.slice(0, 80)}`);
}
