import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openCheckpoint, signCheckpoint } from './checkpoint.ts';
import { hasLogCode, LogError } from './log-error.ts';
import { noteSigner, openNote } from './signed-note.ts';
import { hashLeaf } from './tree-hash.ts';

/** Known answer of golang.org/x/mod/sumdb/note: seed, verifier key and note. */
const GO_SEED = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
const GO_VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_NOTE = `${GO_TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

const signer = noteSigner('voxkeep.test/ledger', Buffer.alloc(32, 7));

describe('a signed note', () => {
  test('is the one that the Go implementation makes and accepts', () => {
    const go = noteSigner('PeterNeumann', GO_SEED);
    expect(go.vkey).toBe(GO_VKEY);
    expect(go.sign(GO_TEXT)).toBe(GO_NOTE);
    expect(openNote(GO_NOTE, GO_VKEY)).toBe(GO_TEXT);
  });

  test('is refused with any bit flipped', () => {
    const note = Buffer.from(signCheckpoint(signer, 42, hashLeaf(Buffer.from('x'))));
    fc.assert(
      fc.property(fc.nat(note.length * 8 - 1), (bit) => {
        const bent = Buffer.from(note);
        bent[bit >> 3] = (bent[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => openCheckpoint(bent, signer.vkey)).toThrow(LogError);
      }),
      { numRuns: 300 },
    );
  });

  test('is refused when cut anywhere', () => {
    const note = signCheckpoint(signer, 42, hashLeaf(Buffer.from('x')));
    for (let end = 0; end < note.length; end += 1) {
      expect(() => openCheckpoint(note.slice(0, end), signer.vkey)).toThrow(LogError);
    }
  });

  test('of another key, even of the same name, is refused as not signed', () => {
    const other = noteSigner(signer.name, Buffer.alloc(32, 8));
    const note = signCheckpoint(other, 1, hashLeaf(Buffer.from('x')));
    expect(code(() => openNote(note, signer.vkey))).toBe('LOG_SIGNATURE_BAD');
  });

  test('may carry other signatures beside the one that is asked for', () => {
    const text = 'voxkeep.test/ledger\n0\n';
    const witness = noteSigner('witness.test', Buffer.alloc(32, 9)).sign(text);
    const both = `${signer.sign(text)}${witness.slice(witness.indexOf('—'))}`;
    expect(openNote(both, signer.vkey)).toBe(text);
  });
});

describe('a checkpoint', () => {
  const root = hashLeaf(Buffer.from('x'));

  test('gives back what was signed', () => {
    const note = signCheckpoint(signer, 42, root);
    const read = openCheckpoint(note, signer.vkey);
    expect(read).toEqual({ origin: signer.name, size: 42, root, extensions: [] });
  });

  test('is refused when its signed text is no checkpoint of this log', () => {
    const base64 = root.toString('base64');
    for (const text of [
      `other.test\n42\n${base64}\n`,
      `${signer.name}\n042\n${base64}\n`,
      `${signer.name}\n-1\n${base64}\n`,
      `${signer.name}\n99999999999999999999\n${base64}\n`,
      `${signer.name}\n42\n${base64.slice(4)}\n`,
      `${signer.name}\n42\n`,
    ]) {
      const opened = () => openCheckpoint(signer.sign(text), signer.vkey);
      expect(code(opened)).toBe('LOG_CHECKPOINT_BAD');
    }
  });
});

test('a verifier key with a wrong hash, type or length is refused', () => {
  const [name, hash, key] = signer.vkey.split('+');
  for (const bad of [`${name}+00000000+${key}`, `${name}+${hash}+AAAA`, `${name}+${key}`, '']) {
    expect(code(() => openNote(signer.sign('x\n'), bad))).toBe('LOG_KEY_BAD');
  }
});

function code(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof LogError && hasLogCode(error, error.code)) return error.code;
  }
  return 'accepted';
}
