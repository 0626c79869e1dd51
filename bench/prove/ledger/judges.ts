import { OracleRefusal, readLedger } from '../../oracle/read-ledger.ts';
import { LineProcess } from './line-process.ts';
import type { MadeLedger } from './make-ledger.ts';
import type { Expected } from './scratch.ts';
import { voxkeepArgs } from './witness-process.ts';

interface Found {
  kind: string;
  file: string;
  entry?: number;
  message: string;
}

/** What `voxkeep ledger verify` answers. */
export interface Verdict {
  ok: boolean;
  size?: number;
  witnessedSize?: number;
  problems?: Found[];
  notices?: Found[];
  error?: string;
  message?: string;
}

interface GoVerdict {
  ok: boolean;
  entries: number;
  earlier: number;
  error?: string;
}

/** The command line in its batch mode, and two programs that share no line with it. */
export class Judges {
  readonly #ledger: MadeLedger;
  readonly #cli: LineProcess<object, Verdict>;
  readonly #go: LineProcess<object, GoVerdict>;

  constructor(ledger: MadeLedger, goProgram: string) {
    this.#ledger = ledger;
    const keys = ['--key', ledger.verifierKey, '--quorum', '2', '--wait', '0', '--strict'];
    const witnesses = ledger.witnesses.flatMap((one) => ['--witness', one.verifierKey]);
    const args = ['ledger', 'verify', '--batch', '-', ...keys, ...witnesses];
    this.#cli = new LineProcess(process.execPath, voxkeepArgs(args));
    this.#go = new LineProcess(goProgram, []);
  }

  /** A site's folder against others, by the command line. */
  verify(site: string, against: string[]): Promise<Verdict> {
    return this.#cli.ask({ site, against });
  }

  /** The same folder by the Go program, with the checkpoints that were published before. */
  verifyByGo(folder: string): Promise<GoVerdict> {
    return this.#go.ask({
      ...{ folder, key: this.#ledger.verifierKey, earlier: this.#ledger.published },
    });
  }

  /** Undefined when the independent reader takes it too; else what it says. */
  refusedByOracle(folder: string): string | undefined {
    try {
      readLedger(folder, this.#ledger.verifierKey);
      return undefined;
    } catch (error) {
      if (error instanceof OracleRefusal) return error.message;
      return (error as Error).message;
    }
  }

  async end(): Promise<void> {
    await Promise.all([this.#cli.end(), this.#go.end()]);
  }
}

/** Whether a verdict tells what was done, and where. */
export function tells({ ok, problems = [], notices = [] }: Verdict, expected: Expected): boolean {
  if (ok) return false;
  return [...problems, ...notices].some(
    ({ kind, file, entry }) =>
      expected.kinds.includes(kind) &&
      (expected.file === undefined || file === expected.file) &&
      (expected.entry === undefined || entry === expected.entry),
  );
}

/** A verdict in one line. */
export function told({ ok, problems = [], notices = [], error, message }: Verdict): string {
  if (error !== undefined) return `${error}: ${message}`;
  if (ok) return 'nothing';
  const all = [...problems, ...notices].slice(0, 4);
  return all.map((one) => `${one.file}: ${one.kind} (${one.entry ?? '-'})`).join('; ');
}
