import { RecordMetadataIn, unstorableTexts } from '@voxkeep/contract';
import { ArchiveError } from '../core/errors.ts';
import type { CallMetadata } from '../record/metadata.ts';
import { type IntakeErrorCode, intakeError } from './intake-error.ts';

/** A refusal that names every field that is wrong, not only the first. */
export class MetadataInvalid extends ArchiveError<IntakeErrorCode> {
  readonly fields: { field: string; message: string }[];
  constructor(fields: { field: string; message: string }[]) {
    const first = fields[0] ?? { field: 'metadata', message: 'invalid' };
    super('METADATA_INVALID', `${first.field}: ${first.message}`, { field: first.field });
    this.fields = fields;
  }
}

/**
 * The metadata part of an upload, checked. Rejects with METADATA_INVALID (each wrong field named
 * as a path, values never repeated) or METADATA_MISSING.
 */
export function parseMetadata(text: string): CallMetadata {
  if (text.trim() === '') {
    throw intakeError('METADATA_MISSING', 'the metadata part is empty', 'metadata');
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new MetadataInvalid([{ field: 'metadata', message: 'is not JSON' }]);
  }
  return checkMetadata(json);
}

/** The same for metadata that is a value already. */
export function checkMetadata(json: unknown): CallMetadata {
  const parsed = RecordMetadataIn.safeParse(json);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => ({
      field: ['metadata', ...issue.path.map(String)].join('/'),
      message: issue.message,
    }));
    throw new MetadataInvalid(fields);
  }
  const unstorable = unstorableTexts(parsed.data, 'metadata');
  if (unstorable.length > 0) throw new MetadataInvalid(unstorable);
  const { startedAt, ...rest } = parsed.data;
  return withoutUndefined({ ...rest, startedAt: new Date(startedAt) }) as CallMetadata;
}

/** Optional fields are absent, never undefined, from here on. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, withoutUndefined(inner)]),
  );
}
