import { type RefObject, useEffect, useState } from 'react';

const SPARE_ROWS = 12;

/** Which rows [first, last) of a scrolling box are worth drawing, and whether its end is in sight. */
export function useWindowing(
  box: RefObject<HTMLElement | null>,
  rows: number,
  rowHeightPx: number,
) {
  const [seen, setSeen] = useState({ top: 0, height: 800 });
  const filled = rows > 0;
  useEffect(() => {
    const element = box.current;
    if (!filled || element === null) return;
    let frame = 0;
    const measure = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() =>
        setSeen({ top: element.scrollTop, height: element.clientHeight }),
      );
    };
    measure();
    element.addEventListener('scroll', measure, { passive: true });
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener('scroll', measure);
      sizes.disconnect();
    };
  }, [box, filled]);
  return visibleRows(seen.top, seen.height, rows, rowHeightPx);
}

export function visibleRows(topPx: number, heightPx: number, rows: number, rowHeightPx: number) {
  const first = Math.max(0, Math.floor(topPx / rowHeightPx) - SPARE_ROWS);
  const last = Math.min(rows, Math.ceil((topPx + heightPx) / rowHeightPx) + SPARE_ROWS);
  // Only somebody who scrolled gets the next page by itself: each page is a search on record.
  const atEnd = topPx > 0 && topPx + heightPx >= (rows - 3) * rowHeightPx;
  return { first: Math.min(first, last), last, atEnd };
}
