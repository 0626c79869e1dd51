/** What the files of one call are called: the same in a watched folder and on a command line. */

export interface CallNames {
  /** NAME of NAME.wav. */
  stem: string;
  media: string;
  /** Undefined for a vCon, which holds everything itself. */
  metadata: string | undefined;
  transcript: string | undefined;
  /** In the order of their numbers. */
  screenshots: string[];
}

/** A file that belongs to no complete call, and what it waits for. */
export interface LoneName {
  name: string;
  missing: 'metadata' | 'media' | 'one media file only' | 'a name that is known';
}

const VCON = ['.vcon', '.vcon.gz', '.vcon.json'];
const TRANSCRIPTS = ['.transcript.json', '.vtt', '.srt'];
const SCREENSHOT = /^(.+)\.(\d{1,4})\.(png|jpe?g|webp)$/i;
const HALF_WRITTEN = ['.part', '.tmp'];

const MEDIA_TYPES: Record<string, string> = {
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.oga': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.flac': 'audio/flac',
  '.m4a': 'audio/mp4',
  '.aac': 'audio/aac',
  '.amr': 'audio/amr',
  '.gsm': 'audio/gsm',
  '.au': 'audio/basic',
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/quicktime',
  '.webm': 'video/webm',
  '.mkv': 'video/x-matroska',
  '.avi': 'video/x-msvideo',
  '.3gp': 'video/3gpp',
  '.wma': 'audio/x-ms-wma',
};

const OTHER_TYPES: Record<string, string> = {
  '.vcon': 'application/vcon+json',
  '.vcon.json': 'application/vcon+json',
  '.vcon.gz': 'application/gzip',
  '.json': 'application/json',
  '.vtt': 'text/vtt',
  '.srt': 'application/x-subrip',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
};

/**
 * The calls among the file names of one folder: `NAME.wav` (or mp3, mp4 …) with `NAME.json`,
 * optionally `NAME.transcript.json`, `NAME.vtt` or `NAME.srt`, and `NAME.1.png`, `NAME.2.jpg` …;
 * or `NAME.vcon`, `NAME.vcon.gz`, `NAME.vcon.json` alone. Names that end in `.part` or `.tmp` or
 * begin with a dot are half-written: they are neither calls nor lone. Of two transcripts of one
 * call the first of the order above is taken.
 */
export function sortCallFiles(names: readonly string[]): { calls: CallNames[]; lone: LoneName[] } {
  const seen = names.filter((name) => !isHalfWritten(name)).sort();
  const left = new Set(seen);
  const calls: CallNames[] = [];
  const lone: LoneName[] = [];
  for (const name of seen.filter(isVcon)) {
    left.delete(name);
    const none = { metadata: undefined, transcript: undefined, screenshots: [] };
    calls.push({ stem: withoutEnding(name, VCON), media: name, ...none });
  }
  const byLowCase = new Map(seen.map((name) => [name.toLowerCase(), name]));
  const screenshotsOf = Map.groupBy(seen.filter(isScreenshot), (name) => numbered(name).stem);
  const sidecars = new Map<string, string>();
  const media = new Map<string, string[]>();
  for (const name of left) {
    if (isSidecar(name)) sidecars.set(name.slice(0, -'.json'.length), name);
  }
  for (const name of left) {
    const stem = name.slice(0, name.length - endingOf(name).length);
    const known = endingOf(name) in MEDIA_TYPES;
    // An ending that nobody knows is media when somebody described it.
    if (known || (isUnknown(name) && sidecars.has(stem))) {
      media.set(stem, [...(media.get(stem) ?? []), name]);
    }
  }
  for (const [stem, [first, ...more]] of media) {
    const metadata = sidecars.get(stem);
    if (first === undefined || metadata === undefined || more.length > 0) {
      const missing = metadata === undefined ? 'metadata' : 'one media file only';
      for (const name of [first ?? '', ...more]) {
        lone.push({ name, missing });
        left.delete(name);
      }
      if (metadata !== undefined) left.delete(metadata);
      continue;
    }
    const transcript = TRANSCRIPTS.map((ending) =>
      byLowCase.get(`${stem}${ending}`.toLowerCase()),
    ).find((name) => name !== undefined);
    const screenshots = (screenshotsOf.get(stem) ?? []).sort(
      (a, b) => numbered(a).number - numbered(b).number,
    );
    calls.push({ stem, media: first, metadata, transcript, screenshots });
    for (const name of [first, metadata, transcript ?? '', ...screenshots]) left.delete(name);
  }
  for (const name of left) {
    lone.push({ name, missing: isUnknown(name) ? 'a name that is known' : 'media' });
  }
  calls.sort((a, b) => (a.media < b.media ? -1 : 1));
  return { calls, lone };
}

/** The media type that a name claims; what a file is, the archive finds out by itself. */
export function mediaTypeOf(name: string): string {
  const ending = isVcon(name) ? name.slice(withoutEnding(name, VCON).length) : endingOf(name);
  const low = ending.toLowerCase();
  return MEDIA_TYPES[low] ?? OTHER_TYPES[low] ?? 'application/octet-stream';
}

export const isVcon = (name: string): boolean => withoutEnding(name, VCON) !== name;

function isHalfWritten(name: string): boolean {
  return name.startsWith('.') || withoutEnding(name, HALF_WRITTEN) !== name;
}

const isScreenshot = (name: string) => SCREENSHOT.test(name);

function numbered(name: string): { stem: string; number: number } {
  const [, stem = '', number = ''] = SCREENSHOT.exec(name) ?? [];
  return { stem, number: Number(number) };
}

function isSidecar(name: string): boolean {
  return name.toLowerCase().endsWith('.json') && withoutEnding(name, TRANSCRIPTS) === name;
}

function isUnknown(name: string): boolean {
  return !(endingOf(name) in MEDIA_TYPES) && !(endingOf(name) in OTHER_TYPES);
}

function withoutEnding(name: string, endings: readonly string[]): string {
  const low = name.toLowerCase();
  // The longest first, and never a name that is nothing but an ending.
  const ending = [...endings]
    .sort((a, b) => b.length - a.length)
    .find((one) => low.endsWith(one) && name.length > one.length);
  return ending === undefined ? name : name.slice(0, -ending.length);
}

function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot).toLowerCase();
}
