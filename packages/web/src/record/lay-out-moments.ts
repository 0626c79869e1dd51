/** A moment that is to be written over the waveform. */
export interface Moment {
  label: string;
  offsetMs: number;
}

/** One label: where its line stands, which way its words go, and which moments it stands for. */
export interface MomentMark<M extends Moment> {
  leftPx: number;
  row: number;
  /** True when the words stand left of the line, for want of room on the right. */
  ending: boolean;
  moments: M[];
}

const ROWS = 3;
const GAP_PX = 8;
const PADDING_PX = 10;
/** Room for "+9" behind a label that stands for several. */
const MORE_PX = 24;

/**
 * Writes each moment on the first row on which it overlaps nothing that stands there; one that fits
 * on none joins the label before it. So no label ever covers another, however close they are.
 */
export function layOutMoments<M extends Moment>(
  moments: readonly M[],
  durationMs: number,
  widthPx: number,
): MomentMark<M>[] {
  const marks: MomentMark<M>[] = [];
  const taken: [number, number][][] = Array.from({ length: ROWS }, () => []);
  const inOrder = [...moments].sort((a, b) => a.offsetMs - b.offsetMs);
  for (const moment of inOrder) {
    const share = durationMs === 0 ? 0 : Math.min(1, moment.offsetMs / durationMs);
    const leftPx = Math.round(share * widthPx);
    const labelPx = textWidth(moment.label) + PADDING_PX + MORE_PX;
    const ending = leftPx + labelPx > widthPx && leftPx - labelPx >= 0;
    const from = ending ? leftPx - labelPx : leftPx;
    const to = from + labelPx;
    const row = taken.findIndex((spans) =>
      spans.every(([start, end]) => to + GAP_PX <= start || end + GAP_PX <= from),
    );
    const before = marks.at(-1);
    if (row === -1 && before !== undefined) before.moments.push(moment);
    else {
      marks.push({ leftPx, row: Math.max(row, 0), ending, moments: [moment] });
      taken[Math.max(row, 0)]?.push([from, to]);
    }
  }
  return marks;
}

/** At 12 px, on the safe side: a Chinese character is 12 wide, a Latin letter less than 7.5. */
function textWidth(label: string): number {
  return [...label].reduce((sum, letter) => sum + (letter > '\u2E7F' ? 12 : 7.5), 0);
}
