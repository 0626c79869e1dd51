import { expect, test } from 'vitest';
import { Playback } from './playback.ts';

/** A media element that takes its time to seek, as real ones do. */
class SlowMedia extends EventTarget {
  seeking = false;
  paused = true;
  playbackRate = 1;
  readonly sought: number[] = [];
  #currentTime = 0;

  get currentTime(): number {
    return this.#currentTime;
  }
  set currentTime(seconds: number) {
    if (this.seeking) throw new Error('sought while a seek was under way');
    this.sought.push(seconds);
    this.#currentTime = seconds;
    this.seeking = true;
    this.dispatchEvent(new Event('seeking'));
  }
  arrive(): void {
    this.seeking = false;
    this.dispatchEvent(new Event('seeked'));
  }
  pause(): void {
    this.paused = true;
  }
}

test('keys that come faster than the sound follows end where the last one points', () => {
  const media = new SlowMedia();
  const playback = new Playback(60_000);
  playback.attach(media as unknown as HTMLMediaElement);
  playback.seekBy(1);
  playback.seekBy(1);
  playback.seekBy(1);
  playback.seekBy(-1);
  expect(playback.state().timeMs).toBe(10_000);
  media.arrive();
  expect(playback.state().timeMs).toBe(10_000);
  media.arrive();
  expect(media.sought).toEqual([5, 10]);
});

test('nobody seeks before the beginning or beyond the end', () => {
  const media = new SlowMedia();
  const playback = new Playback(8_000);
  playback.attach(media as unknown as HTMLMediaElement);
  playback.seekBy(-1);
  expect(playback.state().timeMs).toBe(0);
  media.arrive();
  playback.seekBy(2);
  expect(playback.state().timeMs).toBe(8_000);
});
