import { expect, test } from 'vitest';
import { paletteOf } from '../theme/palette.ts';
import { WATERMARK_INK } from './watermark-ink.ts';

type Rgb = [number, number, number];

const rgbOf = (hex: string) =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb;

function over(ink: string, ground: Rgb): Rgb {
  const [r = 0, g = 0, b = 0, alpha = 1] = (ink.match(/[\d.]+/g) ?? []).map(Number);
  return [r, g, b].map((value, at) => value * alpha + (ground[at] ?? 0) * (1 - alpha)) as Rgb;
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(a: Rgb, b: Rgb): number {
  const [high = 0, low = 0] = [a, b]
    .map((colour) => {
      const [r = 0, g = 0, blue = 0] = colour.map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
    })
    .sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

test.each(['light', 'dark'] as const)(
  'in the %s theme the watermark is seen on every ground, and does not hide what lies under it',
  (mode) => {
    const { card, page, sunken, text } = paletteOf(mode);
    for (const ground of [card, page, sunken]) {
      const under = rgbOf(ground);
      const seen = contrast(over(WATERMARK_INK[mode].fill, under), under);
      expect(seen).toBeGreaterThanOrEqual(1.25);
      expect(seen).toBeLessThan(1.6);
      const words = over(WATERMARK_INK[mode].fill, rgbOf(text));
      expect(contrast(words, over(WATERMARK_INK[mode].fill, under))).toBeGreaterThan(7);
    }
  },
);

test.each(['light', 'dark'] as const)(
  'in the %s theme body or edge of a letter is seen on a black picture and on a white one',
  (mode) => {
    const { fill, edge } = WATERMARK_INK[mode];
    for (const ground of [[0, 0, 0] as Rgb, [255, 255, 255] as Rgb]) {
      const seen = Math.max(...[fill, edge].map((ink) => contrast(over(ink, ground), ground)));
      expect(seen).toBeGreaterThanOrEqual(1.2);
    }
  },
);
