const NONCE_BYTES = 32;
const KEPT = 'voxkeep.nonce.';

/** 32 random bytes in hex: what a sample's seed is made of beside the ledger's tree. */
export function makeNonce(): string {
  return hexOf(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
}

/** Whether a text is a nonce: 64 hex digits. */
export const isNonce = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

/** Hex SHA-256 of a nonce's 32 bytes: what its auditor is bound by before it is told. */
export async function commitmentTo(nonce: string): Promise<string> {
  const bytes = Uint8Array.from(nonce.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** Keeps a nonce in this browser until it is told; where a browser keeps nothing, its auditor has noted it down. */
export function keepNonce(commitment: string, nonce: string): void {
  try {
    localStorage.setItem(KEPT + commitment, nonce);
  } catch {
    // Storage that is shut or full.
  }
}

/** The nonce that was kept under its commitment, if this browser has it. */
export function keptNonce(commitment: string): string | undefined {
  try {
    return localStorage.getItem(KEPT + commitment) ?? undefined;
  } catch {
    return undefined;
  }
}

/** It was told, or is of no use any more. */
export function forgetNonce(commitment: string): void {
  try {
    localStorage.removeItem(KEPT + commitment);
  } catch {
    // Storage that is shut has kept none.
  }
}

const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
