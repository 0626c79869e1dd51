import { ArchiveError } from './errors.ts';

/**
 * What a log line may say of an error: its code, or its class; of what PostgreSQL refuses, its SQLSTATE.
 * Messages could hold content.
 */
export function errorKind(error: unknown): string {
  if (error instanceof ArchiveError) return error.code;
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  const state = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? ` ${code}` : '';
  return `${error.name}${state}`;
}
