import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openCheckpoint, signCheckpoint } from './checkpoint.ts';
import { cosigner, openCosignature, openCosignatureLine, withSignatures } from './cosignature.ts';
import { LogError } from './log-error.ts';
import { noteSigner } from './signed-note.ts';
import { emptyRoot } from './tree-hash.ts';

const log = noteSigner('voxkeep.test/log', Buffer.alloc(32, 1));
const witness = cosigner('witness.test/branch', Buffer.alloc(32, 2));
const other = cosigner('witness.test/cloud', Buffer.alloc(32, 3));
const note = signCheckpoint(log, 0, emptyRoot());
const text = note.slice(0, note.indexOf('\n\n') + 1);
const at = new Date('2026-11-27T05:06:07.890Z');
const signed = withSignatures(note, [witness.cosign(text, at)]);

const codeOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return error instanceof LogError ? error.code : error;
  }
  return 'accepted';
};

test('a cosignature says when, to the second, and leaves the log’s signature as it was', () => {
  expect(openCosignature(signed, witness.vkey)?.at.toISOString()).toBe('2026-11-27T05:06:07.000Z');
  expect(openCosignature(signed, other.vkey)).toBeUndefined();
  expect(openCheckpoint(signed, log.vkey).size).toBe(0);
});

test('it is the one of C2SP tlog-cosignature: key id of type 4, time, Ed25519 over head and text', () => {
  const line = signed.trimEnd().split('\n').at(-1) ?? '';
  const bytes = Buffer.from(line.split(' ').at(-1) ?? '', 'base64');
  const typed = Buffer.from(witness.vkey.split('+').slice(2).join('+'), 'base64');
  expect(bytes.subarray(0, 4).toString('hex')).toBe(witness.vkey.split('+')[1]);
  expect(typed[0]).toBe(4);
  const x = typed.subarray(1).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const seconds = bytes.readBigUInt64BE(4);
  const message = Buffer.from(`cosignature/v1\ntime ${seconds}\n${text}`);
  expect(seconds).toBe(1_795_755_967n);
  expect(verify(null, message, key, bytes.subarray(12))).toBe(true);
});

test('no bit of a cosigned text or of the cosignature can be another one', () => {
  const line = witness.cosign(text, at);
  fc.assert(
    fc.property(fc.nat(), fc.nat(7), fc.boolean(), (pick, bit, inText) => {
      const bytes = Buffer.from(
        inText ? text : Buffer.from(line.split(' ').at(-1) ?? '', 'base64'),
      );
      const place = pick % bytes.length;
      bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
      const bentText = inText ? bytes.toString('latin1') : text;
      const bentLine = inText ? line : `— ${witness.name} ${bytes.toString('base64')}`;
      let seen: unknown;
      const code = codeOf(() => {
        seen = openCosignatureLine(bentText, bentLine, witness.vkey);
      });
      expect(code === 'LOG_SIGNATURE_BAD' || (code === 'accepted' && seen === undefined)).toBe(
        true,
      );
    }),
    { numRuns: 300 },
  );
});

test('a newer cosignature of the same witness replaces the older one, others stay', () => {
  const later = new Date('2026-11-28T00:00:00Z');
  const both = withSignatures(signed, [other.cosign(text, at)]);
  const newer = withSignatures(both, [witness.cosign(text, later)]);
  expect(newer.split('\n— ')).toHaveLength(4);
  expect(openCosignature(newer, witness.vkey)?.at).toEqual(later);
  expect(openCosignature(newer, other.vkey)?.at.getTime()).toBe(1_795_755_967_000);
});

test('a log’s key is no witness key, and the other way round', () => {
  expect(codeOf(() => openCosignature(note, log.vkey))).toBe('LOG_KEY_BAD');
  expect(codeOf(() => openCheckpoint(note, witness.vkey))).toBe('LOG_KEY_BAD');
});
