// Writes the documents that are made from code: docs/configuration.md and docs/openapi.json.
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { madeDocuments } from './made-documents.ts';

const root = resolve(import.meta.dirname, '..');
for (const { path, text } of madeDocuments()) {
  writeFileSync(join(root, path), text);
  console.log(`wrote ${path}`);
}
