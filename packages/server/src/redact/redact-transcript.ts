import type { Finding, MaskSpan, Transcript, Turn, Word } from '../record/transcript.ts';
import type { FindingType } from '../record/vocabulary.ts';
import type { PlacedWord } from './align-words.ts';
import { alignWords } from './align-words.ts';
import { findPersonalData } from './find-personal-data.ts';
import { channelsOf, mergeSpans, padRange, timeOf, timeOfTurn } from './mask-spans.ts';
import { withoutOverlaps } from './overlaps.ts';
import { REPLACEMENTS } from './replacements.ts';
import type { KnownValues, Match, Piece, ScannedTurn } from './scanned-turn.ts';
import { maskTurns, normaliseText } from './scanned-turn.ts';

/** What is known beside the words: the media's length and channels, and metadata's own values. */
export interface RedactionContext {
  durationMs: number;
  channels: number;
  knownNumbers: string[];
  knownNames: string[];
}

/** Personal data in the text whose sound cannot be found: a person has to hear the record. */
export interface Unlocatable {
  type: FindingType;
  turn: number;
  reason: 'no_usable_times' | 'outside_media';
}

export interface RedactedTranscript {
  transcript: Transcript;
  findings: Finding[];
  maskSpans: MaskSpan[];
  unlocatable: Unlocatable[];
}

interface AlignedTurn {
  turn: Turn;
  text: string;
  words: PlacedWord[];
}

const MOST_PASSES = 12;

/**
 * Replaces personal data in a transcript and says which sound to mask, in milliseconds. The input
 * is not changed. Nothing the recognisers can still find is left in the result. Where a turn's words
 * said something else than its text, what is personal in either is masked in the sound.
 */
export function redactTranscript(
  transcript: Transcript,
  context: RedactionContext,
): RedactedTranscript {
  const written = redactReading(transcript, context);
  const { turns } = transcript;
  if (turns.every((turn) => turn.heard === undefined)) return written;
  const asHeard = turns.map((turn) =>
    turn.heard === undefined ? turn : { ...turn, text: turn.heard, words: [] },
  );
  const heard = redactReading({ ...transcript, turns: asHeard }, context);
  const isHeardOnly = ({ turn = -1, type }: Pick<Finding, 'turn' | 'type'>) =>
    turns[turn]?.heard !== undefined &&
    !written.findings.some((finding) => finding.turn === turn && finding.type === type);
  const more = heard.findings.filter(isHeardOnly);
  return {
    transcript: written.transcript,
    // Their places are in a text that is not kept.
    findings: [...written.findings, ...more.map(({ textStart, textEnd, ...rest }) => rest)],
    maskSpans: mergeSpans([...written.maskSpans, ...heard.maskSpans]),
    unlocatable: [...written.unlocatable, ...heard.unlocatable.filter(isHeardOnly)],
  };
}

/** One reading of what was said. */
function redactReading(transcript: Transcript, context: RedactionContext): RedactedTranscript {
  const aligned = transcript.turns.map((turn) => ({ turn, ...alignWords(turn) }));
  const matches = findAll(aligned, context);
  const result: RedactedTranscript = {
    transcript: { ...transcript, turns: [] },
    findings: [],
    maskSpans: [],
    unlocatable: [],
  };
  const parts = matches.flatMap((match) => match.pieces.map((piece) => ({ match, piece })));
  const byTurn = Map.groupBy(parts, ({ piece }) => piece.turn);
  aligned.forEach((turn, index) => {
    const own = byTurn.get(index) ?? [];
    result.transcript.turns.push(redactTurn(turn, index, own, context, result));
  });
  result.maskSpans = mergeSpans(result.maskSpans);
  return result;
}

/** What the recognisers still find in a redacted transcript; empty after `redactTranscript`. */
export function residualFindings(
  transcript: Transcript,
  context: RedactionContext,
): { type: FindingType; turn: number; evidence: string }[] {
  const turns = transcript.turns.map((turn) => ({ turn, ...alignWords(turn) }));
  return findPersonalData(scan(turns), context).flatMap((match) =>
    match.pieces.map(({ turn }) => ({ type: match.type, turn, evidence: match.evidence })),
  );
}

function scan(turns: readonly AlignedTurn[]): ScannedTurn[] {
  return turns.map(({ turn, text }) => ({
    text: normaliseText(text),
    voice: `${turn.channel}/${turn.speaker}`,
  }));
}

/** Looks until nothing is found: what one pass masks may leave a part that the next one knows. */
function findAll(aligned: readonly AlignedTurn[], known: KnownValues): Match[] {
  const view = scan(aligned);
  let all: Match[] = [];
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const found = findPersonalData(view, known);
    if (found.length === 0) break;
    const grown = found.map((match) => ({ ...match, pieces: growToWords(match.pieces, aligned) }));
    all = withoutOverlaps([...all, ...grown]);
    maskTurns(view, grown);
  }
  return all;
}

/** A word that is covered in part is covered whole: its sound cannot be cut. */
function growToWords(pieces: readonly Piece[], aligned: readonly AlignedTurn[]): Piece[] {
  return pieces.map((piece) => {
    const touched = wordsIn(aligned[piece.turn]?.words ?? [], piece);
    return {
      turn: piece.turn,
      start: Math.min(piece.start, touched[0]?.start ?? piece.start),
      end: Math.max(piece.end, touched.at(-1)?.end ?? piece.end),
    };
  });
}

function wordsIn(words: readonly PlacedWord[], piece: Piece): PlacedWord[] {
  let at = 0;
  for (let size = words.length; size > 0; ) {
    const half = size >> 1;
    if ((words[at + half]?.end ?? 0) <= piece.start) {
      at += half + 1;
      size -= half + 1;
    } else size = half;
  }
  const inside: PlacedWord[] = [];
  for (; (words[at]?.start ?? Infinity) < piece.end; at++) {
    const word = words[at];
    if (word && piece.start < word.end) inside.push(word);
  }
  return inside;
}

function redactTurn(
  aligned: AlignedTurn,
  index: number,
  found: readonly { match: Match; piece: Piece }[],
  context: RedactionContext,
  result: RedactedTranscript,
): Turn {
  const { turn } = aligned;
  const parts = [...found].sort((a, b) => a.piece.start - b.piece.start);
  const whole = timeOfTurn(turn, context.durationMs);
  const words: Word[] = [];
  let text = '';
  let read = 0;
  let wordAt = 0;
  const keepWordsUntil = (end: number): void => {
    for (; (aligned.words[wordAt]?.start ?? Infinity) < end; wordAt++) {
      const kept = aligned.words[wordAt];
      if (kept) words.push({ ...kept.word });
    }
  };
  for (const { match, piece } of parts) {
    text += aligned.text.slice(read, piece.start);
    keepWordsUntil(piece.start);
    const covered = wordsIn(aligned.words, piece);
    while ((aligned.words[wordAt]?.start ?? Infinity) < piece.end) wordAt++;
    const replacement = REPLACEMENTS[match.type];
    const time = timeOf(
      covered.map(({ word }) => word),
      whole,
      context.durationMs,
    );
    if (aligned.words.length > 0) {
      const fallback = { startMs: turn.startMs, endMs: turn.endMs };
      words.push({ text: replacement, ...(time ?? fallback) });
    }
    const textStart = text.length;
    text += replacement;
    read = piece.end;
    result.findings.push({
      type: match.type,
      channel: context.channels === 1 ? 0 : turn.channel,
      ...time,
      turn: index,
      textStart,
      textEnd: text.length,
      confidence: match.confidence,
      evidence: match.evidence,
    });
    const padded = time && padRange(time, context.durationMs);
    if (!padded) {
      const reason = time ? 'outside_media' : 'no_usable_times';
      result.unlocatable.push({ type: match.type, turn: index, reason });
      continue;
    }
    for (const channel of channelsOf(turn, context.channels)) {
      result.maskSpans.push({ channel, ...padded });
    }
  }
  text += aligned.text.slice(read);
  keepWordsUntil(Infinity);
  const { heard: _, ...kept } = turn;
  return { ...kept, text, words };
}
