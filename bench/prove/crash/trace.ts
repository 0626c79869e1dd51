// What `strace -y -ttt -T` writes of one thread, read.

/** One call to the kernel. */
export interface FileCall {
  name: string;
  /** Absolute paths that it names, or that its descriptor stands for; for openat the opened one. */
  paths: string[];
  /** Open for writing. */
  writes: boolean;
  /** Undefined while it did not return: the thread was ended in it. */
  result: number | undefined;
  injected: boolean;
  endedAtMs: number;
}

const LINE = /^(\d+\.\d+) ([a-z0-9_]+)\((.*)$/;
const RESULT = /\) += (-?\d+|\?)(?:<[^>]*>)?([^<]*)(?:<(\d+\.\d+)>)?$/;

/** The calls in the order in which they were made; what is no call is left out. */
export function readTrace(text: string): FileCall[] {
  return text.split('\n').flatMap((line) => {
    const call = readLine(line);
    return call === undefined ? [] : [call];
  });
}

function readLine(line: string): FileCall | undefined {
  const [, started = '', name = '', rest = ''] = LINE.exec(line) ?? [];
  if (name === '') return undefined;
  const [, result = '?', remark = '', took = '0'] = RESULT.exec(rest) ?? [];
  const injected = remark.includes('INJECTED');
  return {
    ...{ name, paths: pathsOf(name, rest), injected },
    writes: /O_WRONLY|O_RDWR|O_CREAT/.test(rest),
    result: result === '?' ? undefined : Number(result),
    endedAtMs: (Number(started) + Number(took)) * 1000,
  };
}

/** The folder against which a relative path would stand is none of them. */
function pathsOf(name: string, text: string): string[] {
  const quoted = [...text.matchAll(/"(\/[^"]*)"/g)].map((match) => match[1] ?? '');
  if (quoted.length > 0) return quoted;
  const [, ofDescriptor = ''] = /^\d+<([^>]*)>/.exec(text) ?? [];
  return ofDescriptor.startsWith('/') || name === 'write' ? [ofDescriptor] : [];
}

/** libuv wakes its loop by a `write` to this; an error there ends the process by its own decision. */
export const isWakeUp = (call: FileCall): boolean =>
  call.paths.some((path) => path.includes('eventfd'));
