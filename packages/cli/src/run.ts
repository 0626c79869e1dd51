import type { Connection, ConnectionOptions } from './connection.ts';

/** Options that stand before the command. */
export type Global = ConnectionOptions & { json: boolean };

/** How a command is run: with its errors told and its exit code set. */
export interface Run {
  /** With a connection to an archive. */
  connected(work: (connection: Connection, options: Global) => Promise<number>): Promise<void>;
  /** Without one. */
  alone(work: (options: Global) => Promise<number>): Promise<void>;
  /** The option `--data` for a server's program, when it was given. */
  givenData(): string[];
  print(json: boolean, value: unknown, lines: () => string[]): void;
}
