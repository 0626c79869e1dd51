import type { KeyDocuments } from './ports.ts';

/** Documents as a key folder keeps them, for tests without one. */
export function memoryDocuments(): KeyDocuments {
  const documents = new Map<string, Buffer>();
  let writes = 0;
  return {
    read: async (name) => documents.get(name),
    write: async (name, bytes) => {
      writes += 1;
      documents.set(name, Buffer.from(bytes));
    },
    stamp: async (name) => (documents.has(name) ? String(writes) : ''),
  };
}
