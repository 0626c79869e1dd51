import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from '../packages/contract/src/openapi/document.ts';
import { configurationPage } from '../packages/server/src/main/configuration-page.ts';

const COMMAND = 'node scripts/with-node.cjs scripts/make-docs.ts';

/** Every document that is made from code, as it has to be. */
export function madeDocuments(): { path: string; text: string }[] {
  return [
    { path: 'docs/configuration.md', text: configurationPage(COMMAND) },
    { path: 'docs/openapi.json', text: `${JSON.stringify(openApiDocument(), null, 1)}\n` },
  ];
}

/** One line for each that is missing or not as it has to be. */
export function documentsOutOfDate(root: string): string[] {
  return madeDocuments().flatMap(({ path, text }) =>
    contentOf(join(root, path)) === text ? [] : [`${path} is out of date: ${COMMAND}`],
  );
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
