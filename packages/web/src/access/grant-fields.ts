import type { GrantField, Role } from '@voxkeep/contract';

/** In the order in which they are read and asked for. */
export const GRANT_FIELDS = [
  'media',
  'transcript',
  'attachments',
  'original',
  'download',
  'export',
] as const satisfies readonly GrantField[];

/** docs/access.md, "By grant": what a role may be given. The server decides; this offers. */
export const FIELDS_OF: Partial<Record<Role, readonly GrantField[]>> = {
  agent: ['media', 'transcript'],
  team_lead: ['media', 'transcript'],
  qa: ['attachments', 'original'],
  crisis: ['media', 'transcript', 'attachments', 'original'],
  auditor: ['media', 'transcript', 'attachments', 'original', 'download', 'export'],
};

/** Refused actions of a record page and the field of a grant that opens each. */
const FIELD_FOR: Record<string, GrantField> = {
  stream: 'media',
  read_transcript: 'transcript',
  attachment: 'attachments',
  original: 'original',
  download: 'download',
  export: 'export',
};

export function fieldsOf(role: Role): readonly GrantField[] {
  return FIELDS_OF[role] ?? [];
}

/** The fields that would open these refused actions and that the role may be given. */
export function fieldsFor(role: Role, actions: readonly string[]): GrantField[] {
  const wanted = new Set(actions.map((action) => FIELD_FOR[action]));
  return fieldsOf(role).filter((field) => wanted.has(field));
}
