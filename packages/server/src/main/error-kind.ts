import { ArchiveError } from '../core/errors.ts';

/** What a log line may say of an error: its code, or its class. Messages could hold content. */
export const errorKind = (error: unknown): string =>
  error instanceof ArchiveError ? error.code : error instanceof Error ? error.name : 'unknown';
