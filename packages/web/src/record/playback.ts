import { useSyncExternalStore } from 'react';

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
  #frame = 0;
  /** Where to go once the seek that is under way has arrived. */
  #wantedMs: number | undefined;
  readonly durationMs: number;

  constructor(durationMs: number) {
    this.durationMs = durationMs;
  }

  /** Follows a media element until the returned function is called. */
  attach(media: HTMLMediaElement): () => void {
    this.#media = media;
    const stop = new AbortController();
    const on = (name: string, handler: () => void) =>
      media.addEventListener(name, handler, { signal: stop.signal });
    on('play', () => {
      this.#set({ playing: true, failed: false });
      this.#follow();
    });
    on('pause', () => this.#set({ playing: false, waiting: false }));
    on('ended', () => this.#set({ playing: false, waiting: false }));
    on('waiting', () => this.#set({ waiting: true }));
    on('playing', () => this.#set({ waiting: false }));
    on('seeking', () => this.#readTime());
    on('seeked', () => this.#arrive());
    on('timeupdate', () => this.#readTime());
    on('error', () => {
      this.#wantedMs = undefined;
      this.#set({ failed: true, playing: false, waiting: false });
    });
    on('ratechange', () => this.#set({ speed: media.playbackRate }));
    return () => {
      stop.abort();
      cancelAnimationFrame(this.#frame);
      media.pause();
      this.#media = undefined;
    };
  }

  toggle(): void {
    if (this.#media?.paused) this.play();
    else this.#media?.pause();
  }

  play(): void {
    // A refused or interrupted start is shown through the element's own events.
    this.#media?.play().catch(() => undefined);
  }

  retry(): void {
    const { timeMs } = this.#state;
    this.#set({ failed: false });
    this.#media?.load();
    this.seek(timeMs);
    this.play();
  }

  seek(timeMs: number): void {
    if (this.#media === undefined) return;
    const bounded = Math.min(Math.max(timeMs, 0), this.durationMs);
    // One seek at a time: Chromium never arrives when it is sent there, elsewhere and back at once.
    if (this.#media.seeking) this.#wantedMs = bounded;
    else this.#media.currentTime = bounded / 1000;
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
