import { expect, test } from 'vitest';
import { pickSource } from './pick-source.ts';

const media = {
  ...{ kind: 'video' as const, url: '/m', h264Url: '/m/h264', mediaType: 'video/mp4' },
  ...{ codec: 'hevc', channels: 2, peaksUrl: '/p' },
};

test('a browser without HEVC gets H.264, also when it answers "maybe"', () => {
  expect(pickSource(media, () => '')).toEqual({
    ...{ url: '/m/h264', stream: 'h264', converted: true },
  });
  expect(pickSource(media, () => 'maybe').converted).toBe(true);
});

test('a browser with HEVC and every audio record get the archived form', () => {
  expect(pickSource(media, () => 'probably')).toEqual({
    ...{ url: '/m', stream: 'media', converted: false },
  });
  const audio = { ...media, kind: 'audio' as const, codec: 'pcm_s16le' };
  expect(pickSource(audio, () => '').url).toBe('/m');
});
