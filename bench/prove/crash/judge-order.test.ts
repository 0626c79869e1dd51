import { expect, test } from 'vitest';
import { judgeOrder, madeIn, notDurableAt } from './judge-order.ts';
import { readTrace } from './trace.ts';

const DRAFT = '/a/data/sites/hq/core/.drafts/7-1';
const FILE = '/a/data/sites/hq/core/objects/x.vko';
const line = (at: number, call: string, result = '= 0') =>
  `${at}.000000 ${call} ${result} <0.500000>`;
const opened = line(
  1,
  `openat(AT_FDCWD</work>, "${DRAFT}", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600)`,
  `= 9<${DRAFT}>`,
);
const written = line(2, `writev(9<${DRAFT}>, [{iov_base=""..., iov_len=40}], 1)`, '= 40');
const flushed = line(3, `fsync(9<${DRAFT}>)`);
const failed = line(3, `fsync(9<${DRAFT}>)`, '= -1 EIO (Input/output error) (INJECTED)');
const named = line(4, `rename("${DRAFT}", "${FILE}")`);
const folder = line(5, 'fsync(9</a/data/sites/hq/core/objects>)');
const trace = (...lines: string[]) => readTrace(lines.join('\n'));
const judge = (...lines: string[]) => judgeOrder(trace(...lines), ['/a/data']);

test('what was written, flushed and then named is in order', () => {
  expect(judge(opened, written, flushed, named, folder)).toEqual([]);
});

test('a name before the flush, or after a write that came behind it, is told', () => {
  const early = [`${FILE} was named before it was flushed`];
  expect(judge(opened, written, named, flushed)).toEqual(early);
  expect(judge(opened, written, flushed, written, named)).toEqual(early);
});

test('a draft on which a flush failed is given up: another flush of it says nothing', () => {
  const believed = [`${FILE} was named although fsync failed on its draft`];
  expect(judge(opened, written, failed, flushed, named)).toEqual(believed);
  expect(judge(opened, written, failed, opened, written, flushed, named)).toEqual([]);
});

test('files elsewhere are not judged', () => {
  expect(judgeOrder(trace(opened, written, named), ['/b'])).toEqual([]);
});

test('a file is durable from when its folder was flushed after it got its name', () => {
  const at = (seconds: number, ...lines: string[]) =>
    notDurableAt(trace(...lines), [FILE], seconds * 1000);
  expect(at(6, opened, written, flushed, named, folder)).toEqual([]);
  expect(at(5, opened, written, flushed, named, folder)).toEqual([FILE]);
  expect(at(6, opened, written, flushed, named)).toEqual([FILE]);
  const before = line(3, 'fsync(9</a/data/sites/hq/core/objects>)');
  expect(at(6, opened, written, before, named)).toEqual([FILE]);
});

test('a folder is durable from when the one above it was flushed after it was made', () => {
  const place = '/a/data/sites/hq/core';
  const made = line(2, `mkdir("${place}/objects/y", 0700)`);
  const failing = line(3, `fsync(9<${place}/objects>)`, '= -1 EIO (Input/output error) (INJECTED)');
  const there = line(4, `mkdir("${place}/objects/y", 0700)`, '= -1 EEXIST (File exists)');
  expect(madeIn(trace(made, there), place)).toEqual([`${place}/objects/y`]);
  const at = (...lines: string[]) => notDurableAt(trace(...lines), [`${place}/objects/y`], 6000);
  expect(at(made, failing, there)).toEqual([`${place}/objects/y`]);
  expect(at(made, failing, there, folder)).toEqual([]);
});

test('a call that was cut short, an injected error and a wake-up are read as what they are', () => {
  const calls = trace(
    '1.000000 write(19<anon_inode:[eventfd]>, ""..., 8) = 8 <0.000015>',
    failed,
    '4.000000 fsync(9</a/data/x> <unfinished ...>',
    '+++ killed by SIGKILL +++',
  );
  expect(calls.map(({ name, injected, result }) => [name, injected, result])).toEqual([
    ['write', false, 8],
    ['fsync', true, -1],
    ['fsync', false, undefined],
  ]);
});
