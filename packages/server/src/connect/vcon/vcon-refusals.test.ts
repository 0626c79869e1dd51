import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArchiveError } from '../../core/errors.ts';
import { bytesOf, hashOf, recording, refusal, SOUND, vcon } from './made-vcon.testing.ts';
import { parseVcon } from './parse-vcon.ts';

describe('refusals', () => {
  const withRecording = (more: object) => bytesOf({ ...vcon, dialog: [{ ...recording, ...more }] });
  const { body: _, ...bodiless } = recording;
  const external = { ...bodiless, url: 'https://example.com/a.wav' };
  it.each([
    ['no JSON', Buffer.from('{"uuid":'), 'VCON_UNREADABLE', undefined],
    ['no text', Buffer.from([0xff, 0xfe, 0x00]), 'VCON_UNREADABLE', undefined],
    ['cut gzip', gzipSync(bytesOf(vcon)).subarray(0, 60), 'VCON_UNREADABLE', undefined],
    ['not an object', bytesOf([]), 'VCON_INVALID', ''],
    ['no UUID', bytesOf({ ...vcon, uuid: 'x' }), 'VCON_INVALID', 'uuid'],
    [
      'a critical extension',
      bytesOf({ ...vcon, critical: ['wtf', 'x'] }),
      'VCON_INVALID',
      'critical/1',
    ],
    [
      'a party that is not there',
      withRecording({ parties: [0, 9] }),
      'VCON_INVALID',
      'dialog/0/parties',
    ],
    [
      'a time without a zone',
      withRecording({ start: '2026-01-05T09:00:00' }),
      'VCON_INVALID',
      'dialog/0/start',
    ],
    [
      'a time that is none',
      withRecording({ start: '2026-13-05T09:00:00Z' }),
      'VCON_INVALID',
      'dialog/0/start',
    ],
    ['a negative duration', withRecording({ duration: -1 }), 'VCON_INVALID', 'dialog/0/duration'],
    [
      'a body that is no base64url',
      withRecording({ body: 'a+/b' }),
      'VCON_INVALID',
      'dialog/0/body',
    ],
    ['a body cut short', withRecording({ body: 'abcde' }), 'VCON_INVALID', 'dialog/0/body'],
    ['an empty body', withRecording({ body: '' }), 'VCON_INVALID', 'dialog/0/body'],
    [
      'two recordings',
      bytesOf({ ...vcon, dialog: [recording, recording] }),
      'VCON_INVALID',
      'dialog/1',
    ],
    ['no dialog', bytesOf({ ...vcon, dialog: [] }), 'VCON_NO_MEDIA', undefined],
    ['a recording left out', bytesOf({ ...vcon, dialog: [bodiless] }), 'VCON_NO_MEDIA', undefined],
    [
      'a recording elsewhere',
      bytesOf({ ...vcon, dialog: [recording, external] }),
      'VCON_EXTERNAL_MEDIA',
      'dialog/1',
    ],
    ['a JWS', bytesOf({ payload: 'e30', signatures: [] }), 'VCON_SIGNED_UNSUPPORTED', undefined],
    ['a JWE', bytesOf({ ciphertext: 'e30', recipients: [] }), 'VCON_SIGNED_UNSUPPORTED', undefined],
    ['a compact JWS', Buffer.from('eyJhIjoxfQ.e30.c2ln'), 'VCON_SIGNED_UNSUPPORTED', undefined],
  ])('%s', (_name, bytes, code, field) => {
    expect(refusal(bytes)).toEqual({ code, field });
  });

  it('content that does not match its hash, of whatever kind', () => {
    for (const name of ['sha256', 'sha384', 'sha512']) {
      const good = { content_hash: `${name}-${hashOf(name)}` };
      expect(parseVcon(withRecording(good)).media.bytes).toEqual(SOUND);
      const other = Buffer.from(SOUND);
      other[0] = (other[0] ?? 0) ^ 1;
      const bad = { ...good, body: other.toString('base64url') };
      const field = 'dialog/0/content_hash';
      expect(refusal(withRecording(bad))).toEqual({ code: 'VCON_INVALID', field });
      const both = { content_hash: [good.content_hash, 'sha256-AAAA'] };
      expect(refusal(withRecording(both))).toEqual({ code: 'VCON_INVALID', field });
    }
    expect(refusal(withRecording({ content_hash: 'md5-AAAA' })).code).toBe('VCON_INVALID');
  });

  it('more than the limit, plain or unpacked: a bomb is never opened', () => {
    const bytes = bytesOf(vcon);
    expect(refusal(bytes, { maxBytes: bytes.length - 1 }).code).toBe('VCON_TOO_LARGE');
    const bomb = gzipSync(Buffer.alloc(20_000_000, 0x20));
    expect(bomb.length).toBeLessThan(30_000);
    expect(refusal(bomb, { maxBytes: 1_000_000 }).code).toBe('VCON_TOO_LARGE');
  });

  it('whatever comes in, nothing but an ArchiveError is thrown (property)', () => {
    const damaged = fc
      .tuple(fc.constantFrom(...Object.keys(vcon), ...Object.keys(recording)), fc.jsonValue())
      .map(([key, value]) =>
        Object.hasOwn(vcon, key)
          ? bytesOf({ ...vcon, [key]: value })
          : withRecording({ [key]: value }),
      );
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }), damaged), (bytes) => {
        try {
          parseVcon(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ArchiveError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
