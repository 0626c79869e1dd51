import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Talk with what is personal in it marked by hand, one conversation a line: `⟦type:…⟧` is personal,
 * `‹…›` may be masked or not (a filler, a pause), `|` changes the speaker. One turn is the
 * customer's; of several the first is the agent's unless it begins with 客：. `a/b` are kinds that
 * are both right. `#` begins a remark.
 */
const FOLDER = join(import.meta.dirname, 'redaction');

/** One recognised word: a Chinese character, or letters and figures in a row. */
export interface SpokenWord {
  text: string;
  startMs: number;
  endMs: number;
  /** The index of the datum it is part of. */
  datum?: number;
  /** It says nothing by itself, so it may be masked or not. */
  free: boolean;
}

export interface SpokenTurn {
  channel: number;
  words: SpokenWord[];
}

export interface MarkedTalk {
  name: string;
  source: string;
  turns: SpokenTurn[];
  /** The kinds that each datum may be called. */
  data: string[][];
}

/** Of a character, letter or figure: a recogniser gives a number said in a row the time it took. */
const SOUND_MS = 250;
const BETWEEN_TURNS_MS = 600;

/** Every conversation of the folder, in order of file and line. */
export function readMarkedTalks(): MarkedTalk[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .flatMap((file) => {
      const lines = readFileSync(join(FOLDER, file), 'utf8').split('\n');
      return lines.flatMap((line, at) =>
        line.trim() === '' || line.startsWith('#')
          ? []
          : [readTalk(line, `${file.replace('.txt', '')}-${at + 1}`)],
      );
    });
}

function readTalk(source: string, name: string): MarkedTalk {
  const data: string[][] = [];
  const parts = source.split('|');
  let customerFirst = parts.length === 1;
  let at = 500;
  const turns = parts.map((part, index): SpokenTurn => {
    const said = part.replace(/^客：/, '');
    if (index === 0 && said !== part) customerFirst = true;
    const words: SpokenWord[] = [];
    for (const piece of said.split(/(⟦[^⟧]*⟧)/)) {
      const marked = /^⟦([a-z_/]+):(.*)⟧$/.exec(piece);
      if (marked) data.push((marked[1] ?? '').split('/'));
      for (const stretch of (marked?.[2] ?? piece).split(/(‹[^›]*›)/)) {
        const free = stretch.startsWith('‹');
        for (const text of wordsOf(stretch.replace(/[‹›]/g, ''))) {
          const sounds = text.match(/[\p{L}\p{N}*]/gu)?.length ?? 0;
          const lastsMs = SOUND_MS * Math.max(1, sounds);
          words.push({
            ...{ text, startMs: at, endMs: at + lastsMs - 30, free: free || sounds === 0 },
            ...(marked ? { datum: data.length - 1 } : {}),
          });
          at += lastsMs;
        }
      }
    }
    at += BETWEEN_TURNS_MS;
    return { channel: (index % 2 === 0) === customerFirst ? 1 : 0, words };
  });
  return { name, source, turns, data };
}

/** Characters, with letters and figures in a row as one, and punctuation on the word before it. */
function wordsOf(text: string): string[] {
  return text.match(/(?:[\p{Script=Latin}\p{Nd}@._-]+|[\s\S])[^\p{L}\p{N}]*/gu) ?? [];
}
