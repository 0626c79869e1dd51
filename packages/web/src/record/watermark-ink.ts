import type { ColourMode } from '../theme/palette.ts';

/** What a letter of the watermark is drawn with: its body, and an edge for what is darker or lighter. */
export interface Ink {
  fill: string;
  edge: string;
}

/**
 * Seen on every ground of its theme at a contrast of 1.25 at least, on a picture by one of the two, and
 * faint enough to read through.
 */
export const WATERMARK_INK: Record<ColourMode, Ink> = {
  light: { fill: 'rgba(10, 40, 45, 0.13)', edge: 'rgba(255, 255, 255, 0.2)' },
  dark: { fill: 'rgba(255, 255, 255, 0.11)', edge: 'rgba(0, 0, 0, 0.2)' },
};
