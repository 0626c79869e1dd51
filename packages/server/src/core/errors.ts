/**
 * The one error type of the archive. `code` comes from the room's closed union, `message` is for
 * engineers and holds ids only, `publicMessage` may be shown to anyone who is signed in.
 */
export class ArchiveError<Code extends string = string> extends Error {
  override readonly name = 'ArchiveError';
  readonly code: Code;
  readonly publicMessage: string;
  readonly retry: 'never' | 'later';
  /** The field, as a JSON-pointer-like path, that the caller has to mend. */
  readonly field: string | undefined;

  constructor(
    code: Code,
    message: string,
    options: {
      publicMessage?: string;
      retry?: 'never' | 'later';
      field?: string;
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.publicMessage = options.publicMessage ?? message;
    this.retry = options.retry ?? 'never';
    this.field = options.field;
  }
}

/** True when `error` is an ArchiveError that carries exactly this code. */
export function hasCode<Code extends string>(
  error: unknown,
  code: Code,
): error is ArchiveError<Code> {
  return error instanceof ArchiveError && error.code === code;
}
