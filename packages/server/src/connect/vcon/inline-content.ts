import { createHash, timingSafeEqual } from 'node:crypto';
import { vconError } from './vcon-error.ts';
import type { Content } from './vcon-shape.ts';

const HASHES = ['sha256', 'sha384', 'sha512'];

/**
 * The bytes of an inline file, checked against `content_hash` where it has one (old drafts: `alg`
 * with `signature`). Rejects with VCON_INVALID. A `url` is never followed.
 */
export function inlineBytes(content: Content, field: string): Buffer {
  const bytes = decodeBody(content, field);
  if (bytes.length === 0) throw vconError('VCON_INVALID', 'is empty', `${field}/body`);
  checkHash(content, bytes, field);
  return bytes;
}

/** The declared media type, lower case and without parameters. */
export function mediaTypeOf({ mediatype, mimetype }: Content): string | undefined {
  const [declared = ''] = (mediatype ?? mimetype ?? '').toLowerCase().split(';');
  return /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(declared.trim()) ? declared.trim() : undefined;
}

function decodeBody({ body, encoding }: Content, field: string): Buffer {
  if (encoding === 'json') {
    return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  }
  if (typeof body !== 'string') {
    throw vconError('VCON_INVALID', 'is not text', `${field}/body`);
  }
  if (encoding === 'none') return Buffer.from(body);
  // Without an encoding, a body is base64url: it has to be, as the other two say so.
  const alphabet = encoding === 'base64' ? /^[A-Za-z0-9+/]*={0,2}$/ : /^[A-Za-z0-9_-]*={0,2}$/;
  const length = body.replace(/=+$/, '').length;
  if (!alphabet.test(body) || length % 4 === 1) {
    throw vconError('VCON_INVALID', `is not ${encoding ?? 'base64url'}`, `${field}/body`);
  }
  return Buffer.from(body, encoding === 'base64' ? 'base64' : 'base64url');
}

function checkHash(content: Content, bytes: Buffer, field: string): void {
  const { content_hash: hashes, alg, signature } = content;
  const legacy = alg ? [`${alg.replace('-', '')}-${signature ?? [hashes].flat()[0] ?? ''}`] : [];
  const claims = legacy.length > 0 ? legacy : [hashes ?? []].flat();
  // A JSON value has lost the bytes that were hashed.
  const reserialized = content.encoding === 'json' && typeof content.body !== 'string';
  if (claims.length === 0 || reserialized) return;
  const path = `${field}/${alg && signature ? 'signature' : 'content_hash'}`;
  const known = claims.flatMap((claim) => {
    const at = claim.indexOf('-');
    const name = claim.slice(0, at).toLowerCase();
    return HASHES.includes(name) ? [{ name, digest: claim.slice(at + 1) }] : [];
  });
  if (known.length === 0) {
    throw vconError('VCON_INVALID', `uses none of ${HASHES.join(', ')}`, path);
  }
  for (const { name, digest } of known) {
    const wanted = Buffer.from(digest, 'base64url');
    const actual = createHash(name).update(bytes).digest();
    if (wanted.length !== actual.length || !timingSafeEqual(wanted, actual)) {
      throw vconError('VCON_INVALID', 'does not match the content', path);
    }
  }
}
