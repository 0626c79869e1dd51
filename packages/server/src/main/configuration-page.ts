import { relative, resolve } from 'node:path';
import { z } from 'zod';
import { SETTINGS } from './config.ts';

const repository = resolve(import.meta.dirname, '../../../..');

/** docs/configuration.md; `command` is how it is made. */
export function configurationPage(command: string): string {
  const sections = Object.entries(SETTINGS).map(([name, { env, schema, about }]) => {
    const { allowed, fallback } = describe(z.toJSONSchema(schema, { io: 'input' }));
    return [
      `### ${name}`,
      '',
      about,
      '',
      `- environment: \`${env}\``,
      `- allowed: ${allowed}`,
      `- default: ${fallback}`,
      '',
    ].join('\n');
  });
  return `# Configuration

<!-- Made from packages/server/src/main/config.ts by ${command} -->

A setting is taken from the command line, else from the environment, else from the file that
\`--config FILE\` names, else it has its default. An empty value counts as none. The command line has
\`--data\`, \`--keys\`, \`--host\` and \`--port\`.

The file is YAML with the names below:

\`\`\`yaml
data: /srv/voxkeep
host: 0.0.0.0
hostNames: archive.example.com,localhost
sites: hq=/mnt/hq,branch=/mnt/branch,cloud=/mnt/cloud
\`\`\`

Relative folders begin at the folder in which the program was started; \`~/\` is the home folder.
Settings are read once, at start. Every problem is reported at once (\`CONFIG_INVALID\`), and nothing is
made before they are mended. A file that is no YAML is \`CONFIG_UNREADABLE\`.

## Settings

${sections.join('\n')}`;
}

function describe(schema: z.core.JSONSchema.JSONSchema): { allowed: string; fallback: string } {
  const { type, minimum, maximum, maxLength, description, default: given } = schema;
  const fallback = given === undefined ? 'see above' : `\`${shownPath(String(given))}\``;
  if (schema.enum !== undefined) {
    return { fallback, allowed: schema.enum.map((value) => `\`${String(value)}\``).join(', ') };
  }
  if (type === 'integer') {
    return { fallback, allowed: `a whole number from ${minimum} to ${maximum}` };
  }
  if (description !== undefined) return { fallback, allowed: description };
  return {
    fallback,
    allowed: maxLength === undefined ? 'text' : `text, at most ${maxLength} letters`,
  };
}

/** Files that come with the program, from its own folder. */
function shownPath(value: string): string {
  return value.startsWith(`${repository}/`) ? relative(repository, value) : value;
}
