const MOST_LETTERS = 60;
/** Unprintable, half a letter, or turning the direction of what follows. */
const NOT_SHOWN = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const NOT_IN_IDS = /[\p{Cc}\p{Cs}]/u;

/** A provider's name of somebody as it can be kept and shown; undefined when nothing is left. */
export function shownName(name: string | undefined): string | undefined {
  const letters = [...(name ?? '').replace(NOT_SHOWN, '').trim()];
  const shown = letters.slice(0, MOST_LETTERS).join('').trim();
  return shown === '' ? undefined : shown;
}

/** Whether a provider's value can be the id of an agent or a team here. */
export const isPlainId = (value: string): boolean => value !== '' && !NOT_IN_IDS.test(value);

/** A user name made of a provider's; undefined when too little is left. */
export function plainName(name: string | undefined): string | undefined {
  const plain = (name ?? '')
    .toLowerCase()
    .split('@')[0]
    ?.replace(/[^a-z0-9._-]/g, '')
    .replace(/^[._-]+/, '')
    .slice(0, 40);
  return plain !== undefined && plain.length >= 2 ? plain : undefined;
}

/**
 * Directories take names for the same that are written otherwise (RFC 4518: case, width, spaces, what is
 * not seen; Active Directory marks as well). Who guesses has no more attempts by that.
 */
export const sameName = (typed: string): string =>
  typed
    .normalize('NFKD')
    .replace(/[\p{M}\p{C}]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .toLowerCase();
