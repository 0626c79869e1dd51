import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Playback } from './playback.ts';

beforeAll(() => {
  vi.stubGlobal('requestAnimationFrame', () => 0);
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
});
afterAll(() => vi.unstubAllGlobals());

/** A media element that takes its time to load and to seek, as real ones do. */
class SlowMedia extends EventTarget {
  seeking = false;
  paused = true;
  playbackRate = 1;
  defaultPlaybackRate = 1;
  readonly sought: number[] = [];
  readonly sources: string[] = [];
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
  set src(url: string) {
    this.sources.push(url);
    this.#currentTime = 0;
    this.seeking = false;
    this.paused = true;
    this.playbackRate = this.defaultPlaybackRate;
    this.dispatchEvent(new Event('timeupdate'));
  }
  say(name: string): void {
    this.dispatchEvent(new Event(name));
  }
  arrive(): void {
    this.seeking = false;
    this.say('seeked');
  }
  async play(): Promise<void> {
    this.paused = false;
    this.say('play');
  }
  pause(): void {
    this.paused = true;
    this.say('pause');
  }
}

/** Tickets that end when told to, and may be refused. */
class Tickets {
  isGood = true;
  refuses = false;
  #count = 0;
  good(): boolean {
    return this.isGood;
  }
  async renew(): Promise<string> {
    if (this.refuses) throw new Error('refused');
    this.isGood = true;
    this.#count += 1;
    return `/media?ticket=${this.#count}`;
  }
}

const asked = () => new Promise((done) => setTimeout(done));

/** A player whose sound has loaded. */
async function ready(durationMs = 60_000) {
  const media = new SlowMedia();
  const tickets = new Tickets();
  const playback = new Playback(durationMs);
  playback.attach(media as unknown as HTMLMediaElement, tickets);
  await asked();
  media.say('loadedmetadata');
  return { media, tickets, playback };
}

test('keys that come faster than the sound follows end where the last one points', async () => {
  const { media, playback } = await ready();
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

test('nobody seeks before the beginning or beyond the end', async () => {
  const { media, playback } = await ready(8_000);
  playback.seekBy(-1);
  expect(playback.state().timeMs).toBe(0);
  media.arrive();
  playback.seekBy(2);
  expect(playback.state().timeMs).toBe(8_000);
});

test('a seek after a long pause takes a new ticket and goes there, with no failure in between', async () => {
  const { media, tickets, playback } = await ready();
  const failures: boolean[] = [];
  playback.subscribe(() => failures.push(playback.state().failed));
  playback.setSpeed(1.5);
  tickets.isGood = false;
  playback.seek(20_000);
  playback.seek(30_000);
  await asked();
  expect(media.sources).toEqual(['/media?ticket=1', '/media?ticket=2']);
  // The clock does not fall back to nought while the sound is loaded again.
  expect(playback.state().timeMs).toBe(30_000);
  media.say('loadedmetadata');
  expect(media.sought).toEqual([30]);
  expect([media.playbackRate, media.paused]).toEqual([1.5, true]);
  expect(failures).not.toContain(true);
});

test('play after a long pause goes on where it stopped, with a new ticket', async () => {
  const { media, tickets, playback } = await ready();
  playback.seek(12_000);
  media.arrive();
  tickets.isGood = false;
  playback.play();
  expect([playback.state().playing, playback.state().waiting]).toEqual([true, true]);
  await asked();
  media.say('loadedmetadata');
  expect(media.sought).toEqual([12, 12]);
  expect(media.paused).toBe(false);
});

test('whoever stops while the sound is fetched again is not played to', async () => {
  const { media, tickets, playback } = await ready();
  tickets.isGood = false;
  playback.play();
  playback.toggle();
  await asked();
  media.say('loadedmetadata');
  expect(media.paused).toBe(true);
  expect(playback.state()).toMatchObject({ playing: false, waiting: false, failed: false });
});

test('a stream that breaks is taken up once with a new ticket; when that breaks too it is told', async () => {
  const { media, playback } = await ready();
  playback.play();
  media.say('error');
  expect(playback.state().failed).toBe(false);
  await asked();
  media.say('loadedmetadata');
  expect([media.sources.length, media.paused]).toEqual([2, false]);
  media.say('error');
  expect(playback.state().failed).toBe(true);
  playback.retry();
  await asked();
  media.say('loadedmetadata');
  media.say('playing');
  media.say('error');
  expect(playback.state().failed).toBe(false);
});

test('a refused ticket is a failure that is shown, and play asks again', async () => {
  const { media, tickets, playback } = await ready();
  tickets.isGood = false;
  tickets.refuses = true;
  playback.play();
  await asked();
  expect(playback.state()).toMatchObject({ failed: true, playing: false });
  tickets.refuses = false;
  playback.play();
  await asked();
  media.say('loadedmetadata');
  expect([media.paused, playback.state().failed]).toEqual([false, false]);
});
