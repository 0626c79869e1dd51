import { useSyncExternalStore } from 'react';
import type { Address } from './ticketed.ts';

export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;
const SEEK_STEP_MS = 5000;

export interface PlaybackState {
  timeMs: number;
  playing: boolean;
  waiting: boolean;
  failed: boolean;
  speed: number;
}

/** One player's state, outside React: time changes sixty times a second, and few parts care. */
export class Playback {
  #state: PlaybackState = { timeMs: 0, playing: false, waiting: false, failed: false, speed: 1 };
  #listeners = new Set<() => void>();
  #media: HTMLMediaElement | undefined;
  #address: Address | undefined;
  #frame = 0;
  /** Where to go once the seek, or the load, that is under way has arrived. */
  #wantedMs: number | undefined;
  /** A new address is asked for or its first bytes are awaited; then whether to play. */
  #loading: { play: boolean } | undefined;
  /** One failure is mended by a new ticket; a second one without a sound in between is told. */
  #mended = false;
  readonly durationMs: number;

  constructor(durationMs: number) {
    this.durationMs = durationMs;
  }

  /** Follows a media element, which it gives its address, until the returned function is called. */
  attach(media: HTMLMediaElement, address: Address): () => void {
    this.#media = media;
    this.#address = address;
    const stop = new AbortController();
    const on = (name: string, handler: () => void) =>
      media.addEventListener(name, handler, { signal: stop.signal });
    on('loadedmetadata', () => this.#loaded());
    on('play', () => {
      this.#set({ playing: true, failed: false });
      this.#follow();
    });
    on('pause', () => this.#set({ playing: false, waiting: false }));
    on('ended', () => this.#set({ playing: false, waiting: false }));
    on('waiting', () => this.#set({ waiting: true }));
    on('playing', () => {
      this.#mended = false;
      this.#set({ waiting: false });
    });
    on('seeking', () => this.#readTime());
    on('seeked', () => this.#arrive());
    on('timeupdate', () => this.#readTime());
    on('error', () => this.#mend());
    on('ratechange', () => this.#set({ speed: media.playbackRate }));
    void this.#load(false);
    return () => {
      stop.abort();
      cancelAnimationFrame(this.#frame);
      media.pause();
      // Else the browser goes on fetching what nobody will hear.
      media.removeAttribute('src');
      media.load();
      this.#media = undefined;
      this.#loading = undefined;
    };
  }

  toggle(): void {
    if (this.#loading !== undefined) this.#loading.play = !this.#loading.play;
    else if (this.#media?.paused) this.play();
    else this.#media?.pause();
    if (this.#loading !== undefined) this.#set({ playing: this.#loading.play });
  }

  play(): void {
    if (this.#loading !== undefined) this.#loading.play = true;
    else if (this.#state.failed || this.#address?.good() === false) void this.#load(true);
    // A refused or interrupted start is shown through the element's own events.
    else this.#media?.play().catch(() => undefined);
  }

  retry(): void {
    void this.#load(true);
  }

  seek(timeMs: number): void {
    if (this.#media === undefined) return;
    const bounded = Math.min(Math.max(timeMs, 0), this.durationMs);
    // One seek at a time: Chromium never arrives when it is sent there, elsewhere and back at once.
    if (this.#media.seeking || this.#loading !== undefined) this.#wantedMs = bounded;
    else if (this.#address?.good() === false) {
      this.#wantedMs = bounded;
      void this.#load(!this.#media.paused);
    } else this.#media.currentTime = bounded / 1000;
    this.#set({ timeMs: bounded });
  }

  seekBy(steps: number): void {
    this.seek(this.#state.timeMs + steps * SEEK_STEP_MS);
  }

  setSpeed(speed: number): void {
    if (this.#media !== undefined) this.#media.playbackRate = speed;
    this.#set({ speed });
  }

  stepSpeed(step: 1 | -1): void {
    const at = SPEEDS.findIndex((speed) => speed === this.#state.speed);
    const next = SPEEDS[(at === -1 ? SPEEDS.indexOf(1) : at) + step];
    if (next !== undefined) this.setSpeed(next);
  }

  readonly state = (): PlaybackState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same moment at a new address; what the listener sees meanwhile is a player that waits. */
  async #load(play: boolean): Promise<void> {
    const loading = { play };
    this.#loading = loading;
    this.#wantedMs ??= this.#state.timeMs;
    this.#set({ failed: false, playing: play, waiting: play });
    const url = await this.#address?.renew().catch(() => undefined);
    // Another load, or another element, has come since.
    if (this.#loading !== loading || this.#media === undefined) return;
    if (url === undefined) return this.#fail();
    // A load sets the speed back to its default.
    this.#media.defaultPlaybackRate = this.#state.speed;
    this.#media.src = url;
  }

  #loaded(): void {
    const { play = false } = this.#loading ?? {};
    this.#loading = undefined;
    const wantedMs = this.#wantedMs ?? 0;
    this.#wantedMs = undefined;
    if (wantedMs > 0) this.seek(wantedMs);
    if (play) this.play();
    else this.#set({ playing: false, waiting: false });
  }

  #mend(): void {
    if (this.#mended || this.#media === undefined) return this.#fail();
    this.#mended = true;
    void this.#load(this.#loading?.play ?? !this.#media.paused);
  }

  #fail(): void {
    this.#wantedMs = undefined;
    this.#loading = undefined;
    this.#set({ failed: true, playing: false, waiting: false });
  }

  #follow(): void {
    cancelAnimationFrame(this.#frame);
    const tick = () => {
      this.#readTime();
      if (this.#media !== undefined && !this.#media.paused)
        this.#frame = requestAnimationFrame(tick);
    };
    this.#frame = requestAnimationFrame(tick);
  }

  #arrive(): void {
    const wantedMs = this.#wantedMs;
    if (this.#loading !== undefined) return;
    this.#wantedMs = undefined;
    if (wantedMs !== undefined) this.seek(wantedMs);
  }

  #readTime(): void {
    if (this.#media === undefined || this.#wantedMs !== undefined) return;
    this.#set({ timeMs: this.#media.currentTime * 1000 });
  }

  #set(change: Partial<PlaybackState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** Draws again only when the chosen value changes. */
export function usePlayback<T>(playback: Playback, choose: (state: PlaybackState) => T): T {
  return useSyncExternalStore(playback.subscribe, () => choose(playback.state()));
}
