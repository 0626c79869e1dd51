/** What the program's end tells a script. Documented in docs/cli.md. */
export const EXIT = {
  ok: 0,
  /** Something failed that is not below. */
  failed: 1,
  /** Wrong arguments. */
  usage: 2,
  /** The archive refused: not signed in, or not allowed. */
  refused: 3,
  /** There is no such record. */
  notFound: 4,
  /** What was sent is not acceptable. */
  invalid: 5,
  /** The archive cannot be reached or is not ready. */
  unreachable: 6,
  /** A ledger or a proof does not verify. */
  unproven: 8,
  /** Some of several calls were refused; the others are in. */
  partial: 7,
} as const;

/** An end with a message for people and a code for scripts. */
export class CommandError extends Error {
  readonly exitCode: number;
  readonly code: string;
  constructor(code: string, message: string, exitCode: number = EXIT.failed) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }
}

export function exitCodeOf(status: number): number {
  if (status === 401 || status === 403 || status === 423 || status === 429) return EXIT.refused;
  if (status === 404 || status === 410) return EXIT.notFound;
  if (status >= 400 && status < 500) return EXIT.invalid;
  return status === 503 ? EXIT.unreachable : EXIT.failed;
}
