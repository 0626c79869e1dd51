import { type ColourMode, paletteOf } from './palette.ts';

/** The palette as `--vk-…` custom properties, for the parts that are drawn by our own style sheets. */
export function cssVariables(mode: ColourMode): [string, string][] {
  const { tier, tint: _forAntDesign, ...flat } = paletteOf(mode);
  const dashed = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return [
    ...Object.entries(flat).map(([name, value]): [string, string] => [
      `--vk-${dashed(name)}`,
      value,
    ]),
    ...Object.entries(tier).map(([name, value]): [string, string] => [`--vk-tier-${name}`, value]),
  ];
}
