/** Text with its matching ranges (UTF-16 offsets) marked; ranges that make no sense are left out. */
export function Snippet({
  text,
  marks = [],
}: {
  text: string;
  marks?: [number, number][] | undefined;
}) {
  return (
    <>
      {cutAtMarks(text, marks).map((piece) =>
        piece.marked ? (
          <mark key={piece.start}>{piece.text}</mark>
        ) : (
          <span key={piece.start}>{piece.text}</span>
        ),
      )}
    </>
  );
}

export interface Piece {
  start: number;
  text: string;
  marked: boolean;
}

/** Cuts a text into marked and plain pieces; joined, they are the text again. */
export function cutAtMarks(text: string, marks: readonly [number, number][]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const [from, to] of [...marks].sort((a, b) => a[0] - b[0])) {
    const start = Math.max(from, at);
    const end = Math.min(to, text.length);
    if (start >= end) continue;
    if (start > at) pieces.push({ start: at, text: text.slice(at, start), marked: false });
    pieces.push({ start, text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) pieces.push({ start: at, text: text.slice(at), marked: false });
  return pieces;
}
