const KEY = 'voxkeep.passkey-fingerprints';

/**
 * Fingerprints of passkeys that were made in this browser and wait for their confirmations, by id. What
 * the archive says of a key afterwards is no proof of what was made here.
 */
export function keptFingerprints(): Record<string, string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const pairs = typeof kept === 'object' && kept !== null ? Object.entries(kept) : [];
    return Object.fromEntries(pairs.filter(([, one]) => typeof one === 'string'));
  } catch {
    return {};
  }
}

export const keepFingerprint = (id: string, fingerprint: string): void =>
  write({ ...keptFingerprints(), [id]: fingerprint });

/** Of passkeys that wait no longer. */
export function forgetFingerprints(ids: readonly string[]): void {
  const kept = Object.entries(keptFingerprints());
  const wanted = kept.filter(([id]) => !ids.includes(id));
  if (wanted.length < kept.length) write(Object.fromEntries(wanted));
}

function write(kept: Record<string, string>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing shows it until the page closes.
  }
}
