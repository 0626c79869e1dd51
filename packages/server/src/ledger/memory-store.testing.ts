import { ledgerError } from './ledger-error.ts';
import type { LedgerStore } from './ports.ts';

/** A working site in memory, with faults to switch on. */
export interface MemoryStore extends LedgerStore {
  readonly files: Map<string, Buffer>;
  /** While set, calls for which it is true reject with LEDGER_UNAVAILABLE and change nothing. */
  fault: ((call: 'put' | 'get', path: string) => boolean) | undefined;
  /** How many puts got through. */
  puts: number;
}

export function memoryStore(name: string): MemoryStore {
  const files = new Map<string, Buffer>();
  const store: MemoryStore = {
    name,
    files,
    fault: undefined,
    puts: 0,
    put: async (path, bytes) => {
      check('put', path);
      files.set(path, Buffer.from(bytes));
      store.puts += 1;
    },
    get: async (path) => {
      check('get', path);
      return files.get(path);
    },
  };
  function check(call: 'put' | 'get', path: string): void {
    if (store.fault?.(call, path)) throw ledgerError('LEDGER_UNAVAILABLE', `site ${name} is down`);
  }
  return store;
}
