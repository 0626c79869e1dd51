import { expect, test } from 'vitest';
import { writeSpan } from './spans.ts';

test.each([
  [0, '0 毫秒', '0 ms'],
  [120.4, '120 毫秒', '120 ms'],
  [3210, '3.2 秒', '3.2 sec'],
  [61_000, '61 秒', '61 sec'],
  [300_000, '5 分钟', '5 min'],
  [7_200_000, '2 小时', '2 hr'],
  [12 * 86_400_000, '12 天', '12 days'],
])('%d ms is written in its largest fitting unit', (ms, zh, en) => {
  expect(writeSpan(ms, 'zh-CN')).toBe(zh);
  expect(writeSpan(ms, 'en')).toBe(en);
});
