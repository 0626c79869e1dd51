/** The first that fits; those that call themselves by another's name as well come before it. */
const BROWSERS: readonly [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bMicroMessenger\/|\bwxwork\//i, 'WeCom'],
  [/\b(?:Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\bSafari\//, 'Safari'],
  [/^voxkeep\b/i, 'voxkeep'],
];
const SYSTEMS: readonly [RegExp, string][] = [
  [/\bWindows\b/, 'Windows'],
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bHarmonyOS\b|\bOpenHarmony\b/, 'HarmonyOS'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
];

/**
 * Browser and system, a word each, by which people know their own sessions; nothing else of a
 * User-Agent header is kept. Undefined when neither is known.
 */
export function clientWords(userAgent: string | undefined): string | undefined {
  const word = (list: typeof BROWSERS) => list.find(([mark]) => mark.test(userAgent ?? ''))?.[1];
  const words = [word(BROWSERS), word(SYSTEMS)].filter((one) => one !== undefined);
  return words.length === 0 ? undefined : words.join(' ');
}
