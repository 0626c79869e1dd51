import { expect, it } from 'vitest';
import { mediaTypeOf, sortCallFiles } from './call-files.ts';

it('finds a call with all that belongs to it, whatever the letters of its endings', () => {
  const names = ['a.WAV', 'a.json', 'a.transcript.json', 'a.10.png', 'a.2.jpg', 'a.1.webp'];
  expect(sortCallFiles(names)).toEqual({
    calls: [
      {
        stem: 'a',
        media: 'a.WAV',
        metadata: 'a.json',
        transcript: 'a.transcript.json',
        screenshots: ['a.1.webp', 'a.2.jpg', 'a.10.png'],
      },
    ],
    lone: [],
  });
});

it.each(['x.vcon', 'x.vcon.gz', 'x.vcon.json'])('takes %s as a call of one file', (name) => {
  const { calls, lone } = sortCallFiles([name]);
  expect(calls).toMatchObject([{ stem: 'x', media: name, metadata: undefined }]);
  expect(lone).toEqual([]);
});

it.each([
  ['a.vtt', 'text/vtt'],
  ['a.srt', 'application/x-subrip'],
])('knows %s as a transcript of its own type', (name, type) => {
  const [call] = sortCallFiles(['a.mp3', 'a.json', name]).calls;
  expect(call?.transcript).toBe(name);
  expect(mediaTypeOf(name)).toBe(type);
});

it.each(['a.wav.part', 'a.wav.tmp', '.a.wav', '.a.wav.Xy12'])('sees no half-written %s', (name) => {
  expect(sortCallFiles([name, 'a.json']).calls).toEqual([]);
  expect(sortCallFiles([name]).lone).toEqual([]);
});

it('says what a lone file waits for', () => {
  const names = ['a.wav', 'b.json', 'c.wav', 'c.mp3', 'c.json', 'd.xyz', 'e.1.png'];
  expect(sortCallFiles(names)).toEqual({
    calls: [],
    lone: [
      { name: 'a.wav', missing: 'metadata' },
      { name: 'c.mp3', missing: 'one media file only' },
      { name: 'c.wav', missing: 'one media file only' },
      { name: 'b.json', missing: 'media' },
      { name: 'd.xyz', missing: 'a name that is known' },
      { name: 'e.1.png', missing: 'media' },
    ],
  });
});

it('takes an ending that nobody knows as media once somebody described it', () => {
  expect(sortCallFiles(['a.raw', 'a.json']).calls).toMatchObject([{ media: 'a.raw' }]);
});
