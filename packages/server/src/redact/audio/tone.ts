const HERTZ = 440;
const AMPLITUDE = 1400;
const FADE_SECONDS = 0.008;

/**
 * The soft tone that stands where speech was: a value of the frame's number alone, so that it can
 * be checked sample by sample. It fades within the span; nothing of the speech shows through.
 */
export function toneSample(frame: number, span: FrameSpan, sampleRate: number): number {
  const fade = FADE_SECONDS * sampleRate;
  const edge = Math.min(frame - span.start, span.end - 1 - frame);
  const gain = Math.min(1, edge / fade);
  return Math.round(AMPLITUDE * gain * Math.sin((2 * Math.PI * HERTZ * frame) / sampleRate));
}

/** Frames [start, end) of one channel. */
export interface FrameSpan {
  channel: number;
  start: number;
  end: number;
}
