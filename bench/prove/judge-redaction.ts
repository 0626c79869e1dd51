import type { MarkedTalk, SpokenTurn, SpokenWord } from './marked-talk.ts';

/** Of one kind: what was to be found, what was found, and how much of it was right. */
export interface Tally {
  personal: number;
  masked: number;
  findings: number;
  right: number;
}

/** What `voxkeep explain --json` says of one call, as far as it is judged here. */
export interface Explained {
  findings: {
    type: string;
    channel?: number;
    turn?: number;
    startMs?: number;
    endMs?: number;
    field?: string;
  }[];
  maskSpans: { channel: number; startMs: number; endMs: number }[];
  unlocatable: unknown[];
  residual: number;
  media: { durationMs: number };
  transcript: { turns: { text: string; words: { text: string; startMs: number }[] }[] };
}

/** Beyond the words on each side that DESIGN promises around exact times. */
const PADDING_MS = 100;

/** Compares one call with its marks; every miss and every false mask is a sentence. */
export function judgeRedaction(
  talk: MarkedTalk,
  explained: Explained,
  tallyOf: (type: string) => Tally,
): string[] {
  const problems: string[] = [];
  const wrong = (what: string) => problems.push(`${talk.name}: ${what}: ${talk.source}`);
  talk.data.forEach((types, datum) => {
    const tally = tallyOf(types[0] ?? '');
    tally.personal += 1;
    const turn = talk.turns.findIndex((one) => one.words.some((word) => word.datum === datum));
    const spoken = talk.turns[turn];
    if (!spoken) throw new Error(`${talk.name}: a mark holds no words`);
    const left = spoken.words.filter(
      (word) => word.datum === datum && !word.free && !isMasked(word, spoken, turn, explained),
    );
    if (left.length === 0) tally.masked += 1;
    else wrong(`${types[0]} left, ${left.map((word) => word.text).join('')}`);
  });
  for (const finding of explained.findings) {
    const tally = tallyOf(finding.type);
    tally.findings += 1;
    const spoken = talk.turns[finding.turn ?? -1];
    const { startMs = 0, endMs = Infinity } = finding;
    const covered = (spoken?.words ?? []).filter(
      (word) => word.startMs < endMs && startMs < word.endMs,
    );
    const beyond = covered.filter((word) => word.datum === undefined && !word.free);
    const types = covered.flatMap((word) => talk.data[word.datum ?? -1] ?? []);
    if (beyond.length > 0) {
      wrong(`${finding.type} masks ${beyond.map((word) => word.text).join('')}`);
    } else if (types.length > 0 && !types.includes(finding.type)) {
      wrong(`${types[0]} is called ${finding.type}`);
    } else tally.right += 1;
  }
  if (explained.unlocatable.length > 0) wrong('a finding has no place in time');
  if (explained.residual > 0) wrong('the redacted text still holds findings');
  problems.push(...judgeSpans(talk, explained));
  return problems;
}

/** Out of the text, and under a span of its own channel that is wide enough. */
function isMasked(
  word: SpokenWord,
  spoken: SpokenTurn,
  turn: number,
  { maskSpans, media, transcript }: Explained,
): boolean {
  const inText = transcript.turns[turn]?.words.some(
    (one) => one.startMs === word.startMs && one.text === word.text,
  );
  const from = Math.max(0, word.startMs - PADDING_MS);
  const to = Math.min(media.durationMs, word.endMs + PADDING_MS);
  const underSpan = maskSpans.some(
    (span) => span.channel === spoken.channel && span.startMs <= from && span.endMs >= to,
  );
  return inText === false && underSpan;
}

/** No span is wider than the words of a finding and their padding. */
function judgeSpans(talk: MarkedTalk, { findings, maskSpans }: Explained): string[] {
  return maskSpans
    .filter((span) => {
      const mine = findings.filter((one) => one.channel === span.channel);
      const starts = mine.some((one) => (one.startMs ?? -1) - PADDING_MS === span.startMs);
      const ends = mine.some((one) => (one.endMs ?? -1) + PADDING_MS === span.endMs);
      return !starts || !ends;
    })
    .map(
      (span) => `${talk.name}: a span of ${span.startMs}–${span.endMs} ms belongs to no finding`,
    );
}
