const HERTZ = 440;
const AMPLITUDE = 1400;
const FADE_SECONDS = 0.008;

/** Frames [start, end) of one channel. */
export interface FrameSpan {
  channel: number;
  start: number;
  end: number;
}

/**
 * The soft tone that stands where speech was: a value of the frame's number alone, so that it can
 * be checked sample by sample. It fades within the span; nothing of the speech shows through.
 */
export function toneAt(sampleRate: number): (frame: number, span: FrameSpan) => number {
  const fade = FADE_SECONDS * sampleRate;
  // After so many frames the tone is where it began.
  const period = sampleRate / greatestCommonDivisor(HERTZ, sampleRate);
  const wave = Float64Array.from(
    { length: period },
    (_, frame) => AMPLITUDE * Math.sin((2 * Math.PI * HERTZ * frame) / sampleRate),
  );
  return (frame, span) => {
    const edge = Math.min(frame - span.start, span.end - 1 - frame);
    return Math.round(Math.min(1, edge / fade) * (wave[frame % period] ?? 0));
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
