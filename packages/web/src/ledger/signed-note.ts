import { fromBase64, join, sameBytes, sha256 } from './merkle.ts';

/** C2SP tlog-checkpoint in C2SP signed-note; docs/FORMAT.md, "Ledger". */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
  /** The signed lines, their last line feed included. */
  text: string;
  signatures: { name: string; keyId: Uint8Array; signature: Uint8Array<ArrayBuffer> }[];
}

const KEY_ID_BYTES = 4;
const ED25519 = 1;

/** Undefined for anything that is not a checkpoint. */
export function readCheckpoint(note: string): Checkpoint | undefined {
  const end = note.indexOf('\n\n');
  if (end === -1) return undefined;
  const text = note.slice(0, end + 1);
  const [origin = '', sizeText = '', rootText = ''] = text.split('\n');
  const root = fromBase64(rootText);
  if (origin === '' || !/^(0|[1-9]\d{0,15})$/.test(sizeText) || root?.length !== 32) {
    return undefined;
  }
  const signatures = note
    .slice(end + 2)
    .split('\n')
    .flatMap((line) => {
      const [, name, encoded] = /^— (\S+) (\S+)$/.exec(line) ?? [];
      const bytes = encoded === undefined ? undefined : fromBase64(encoded);
      if (name === undefined || bytes === undefined || bytes.length <= KEY_ID_BYTES) return [];
      return [{ name, keyId: bytes.slice(0, KEY_ID_BYTES), signature: bytes.slice(KEY_ID_BYTES) }];
    });
  return { origin, size: Number(sizeText), root, text, signatures };
}

/**
 * Whether the log's own key signed it. `unsupported`: this browser has no Ed25519, so nothing can be
 * said.
 */
export async function checkSignature(
  { origin, text, signatures }: Checkpoint,
  verifierKey: string,
): Promise<'good' | 'bad' | 'unsupported'> {
  const key = await readVerifierKey(verifierKey);
  if (key === undefined || key.name !== origin) return 'bad';
  const own = signatures.filter(({ name, keyId }) => name === key.name && sameBytes(keyId, key.id));
  if (own.length === 0) return 'bad';
  let imported: CryptoKey;
  try {
    imported = await crypto.subtle.importKey('raw', key.publicKey, 'Ed25519', false, ['verify']);
  } catch {
    return 'unsupported';
  }
  const signed = new TextEncoder().encode(text);
  for (const { signature } of own) {
    if (await crypto.subtle.verify('Ed25519', imported, signature, signed)) return 'good';
  }
  return 'bad';
}

async function readVerifierKey(text: string) {
  const [, name, idHex, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (name === undefined || bytes?.length !== 33 || bytes[0] !== ED25519) return undefined;
  const hash = await sha256(join(new TextEncoder().encode(`${name}\n`), bytes));
  const id = hash.slice(0, KEY_ID_BYTES);
  const hex = [...id].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex === idHex ? { name, id, publicKey: bytes.slice(1) } : undefined;
}
