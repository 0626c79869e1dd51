import type { ChallengeView, DisposalRunView, DueView } from '@voxkeep/contract';
import { signStatement } from '../access/passkeys.ts';
import { ask, until } from './ask.ts';
import type { Staff } from './staff.ts';

/** Runs of disposal: proposed by an officer, signed by two approvers with their passkeys. */
export class DisposalRuns {
  readonly #staff: Staff;

  constructor(staff: Staff) {
    this.#staff = staff;
  }

  /** How many records would go today, by ground. */
  async due(): Promise<Record<string, number>> {
    const { counts } = await ask<DueView>(this.#staff.officer, 'GET', '/disposals/due');
    const due: Record<string, number> = {};
    for (const { ground, records } of counts) due[ground] = (due[ground] ?? 0) + records;
    return due;
  }

  /** All that is due goes, in as many runs as it takes. Resolves to how many went. */
  async disposeAll(): Promise<number> {
    let disposed = 0;
    for (;;) {
      const { records } = await ask<DueView>(this.#staff.officer, 'GET', '/disposals/due');
      if (records === 0) return disposed;
      const run = await this.propose();
      if (!run.alone) {
        await this.sign(run.id, 0);
        await this.sign(run.id, 1);
      }
      disposed += await this.untilOver(run.id);
    }
  }

  /** What is due, or these records. */
  propose(recordIds?: readonly string[]): Promise<DisposalRunView> {
    const body = recordIds === undefined ? {} : { recordIds };
    return ask(this.#staff.officer, 'POST', '/disposals/runs', body);
  }

  /** By one of the two approvers, with their passkey. */
  async sign(runId: string, which: 0 | 1): Promise<void> {
    const { person, passkey } = this.#staff.approvers[which];
    const path = `/disposals/runs/${runId}`;
    const { canonical } = await ask<ChallengeView>(person, 'GET', `${path}/challenge`);
    await ask(person, 'POST', `${path}/approve`, { assertion: signStatement(canonical, passkey) });
  }

  /** Resolves to how many records the run disposed of. */
  async untilOver(runId: string): Promise<number> {
    let disposed = 0;
    await until(async () => {
      const path = `/disposals/runs/${runId}`;
      const run = await ask<DisposalRunView>(this.#staff.officer, 'GET', path);
      disposed = run.disposed;
      return run.state === 'done';
    }, `the run ${runId}`);
    return disposed;
  }
}
