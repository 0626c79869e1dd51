import { expect, test } from 'vitest';
import { writeTimeUp } from './time-up.ts';

test('a time is never written as shorter than it is', () => {
  expect(writeTimeUp(2700, 'zh-CN')).toBe('45 分钟');
  expect(writeTimeUp(2700.1, 'zh-CN')).toBe('46 分钟');
  expect(writeTimeUp(119.2, 'zh-CN')).toBe('2 分钟');
  expect(writeTimeUp(7201, 'zh-CN')).toBe('3 小时');
});

test('short times keep their tenths', () => {
  expect(writeTimeUp(3.14, 'zh-CN')).toBe('3.2 秒');
  expect(writeTimeUp(0, 'en')).toBe('0 ms');
  expect(writeTimeUp(42.4, 'en')).toBe('43 sec');
});
