import { SENSITIVE_FINDINGS } from '../record/vocabulary.ts';
import type { Match, Piece } from './scanned-turn.ts';

/**
 * Matches that overlap, directly or through others, become one that covers all of them. Its kind is
 * that of the sensitive ones, then of the longer, then of the surer.
 */
export function withoutOverlaps(matches: readonly Match[]): Match[] {
  if (matches.length < 2) return matches.map(copyOf);
  const groupOf = matches.map((_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    while (groupOf[root] !== root) root = groupOf[root] ?? root;
    groupOf[at] = root;
    return root;
  };
  const pieces = matches.flatMap((match, owner) => match.pieces.map((piece) => ({ piece, owner })));
  pieces.sort((a, b) => a.piece.turn - b.piece.turn || a.piece.start - b.piece.start);
  let reach = { turn: -1, end: 0, owner: 0 };
  for (const { piece, owner } of pieces) {
    const overlaps = piece.turn === reach.turn && piece.start < reach.end;
    if (overlaps) groupOf[rootOf(owner)] = rootOf(reach.owner);
    if (!overlaps || piece.end > reach.end) reach = { turn: piece.turn, end: piece.end, owner };
  }
  const groups = Map.groupBy(matches, (_, at) => rootOf(at));
  return [...groups.values()].map(joinAll).sort((a, b) => rank(b) - rank(a));
}

function joinAll(group: readonly Match[]): Match {
  const [first = { type: 'name', pieces: [], confidence: 0, evidence: '' } as Match] = group;
  const best = group.reduce((most, match) => (rank(match) > rank(most) ? match : most), first);
  if (group.length === 1) return copyOf(best);
  return {
    ...best,
    pieces: unionOf(group.flatMap((match) => match.pieces)),
    confidence: Math.max(...group.map((match) => match.confidence)),
  };
}

const copyOf = (match: Match): Match => ({
  ...match,
  pieces: match.pieces.map((piece) => ({ ...piece })),
});

function rank(match: Match): number {
  const length = match.pieces.reduce((sum, piece) => sum + piece.end - piece.start, 0);
  const isSensitive = SENSITIVE_FINDINGS.includes(match.type);
  return (isSensitive ? 1e6 : 0) + length + match.confidence;
}

function unionOf(pieces: readonly Piece[]): Piece[] {
  const sorted = [...pieces].sort((a, b) => a.turn - b.turn || a.start - b.start);
  const union: Piece[] = [];
  for (const piece of sorted) {
    const last = union.at(-1);
    if (last && last.turn === piece.turn && piece.start <= last.end) {
      last.end = Math.max(last.end, piece.end);
    } else union.push({ ...piece });
  }
  return union;
}
