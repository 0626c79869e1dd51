import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOutMoments } from './lay-out-moments.ts';

const at = (offsetMs: number, label: string) => ({ offsetMs, label });
/** The widest a label can get: 12 px a character, its padding, and room for "+9". */
const widthOf = (label: string) => [...label].length * 12 + 34;

test('moments at one second stand below each other, the last words before the end of the lane', () => {
  const moments = [
    ...[at(500, '接听'), at(500, '接通视频'), at(8_000, '截图')],
    ...[at(12_000, '结束视频'), at(12_000, '挂机')],
  ];
  const marks = layOutMoments(moments, 12_000, 900);
  expect(marks.map(({ row }) => row)).toEqual([0, 1, 0, 0, 1]);
  expect(marks.map(({ ending }) => ending)).toEqual([false, false, false, true, true]);
});

test('what fits nowhere joins the label before it', () => {
  const marks = layOutMoments(
    Array.from({ length: 20 }, () => at(100, '保持')),
    60_000,
    600,
  );
  expect(marks).toHaveLength(3);
  expect(marks.flatMap(({ moments }) => moments)).toHaveLength(20);
});

test('no label covers another and no moment is lost, whatever the call was like', () => {
  const moment = fc.record({
    offsetMs: fc.integer({ min: 0, max: 700_000 }),
    label: fc.constantFrom('接听', '邀请视频', '三方通话', '挂机'),
  });
  fc.assert(
    fc.property(
      fc.array(moment, { maxLength: 60 }),
      fc.integer({ min: 200, max: 2000 }),
      (moments, widthPx) => {
        const marks = layOutMoments(moments, 600_000, widthPx);
        expect(marks.flatMap((mark) => mark.moments)).toHaveLength(moments.length);
        const spans = marks.map(({ row, leftPx, ending, moments: [first] }) => {
          const wide = widthOf(first?.label ?? '');
          return {
            row,
            from: ending ? leftPx - wide : leftPx,
            to: ending ? leftPx : leftPx + wide,
          };
        });
        for (const [index, one] of spans.entries()) {
          for (const other of spans.slice(index + 1)) {
            if (one.row === other.row)
              expect(one.to <= other.from || other.to <= one.from).toBe(true);
          }
        }
      },
    ),
    { numRuns: 200 },
  );
});
