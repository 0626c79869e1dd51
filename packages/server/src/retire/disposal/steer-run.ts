import { lockRun, setState } from './decide-run.ts';
import type { Officer, RunDeps } from './ports.ts';
import { disposalError } from './run-error.ts';

const FROM = {
  pause: ['approved', 'running'],
  resume: ['paused'],
  stop: ['proposed', 'approved', 'running', 'paused'],
} as const;
const TO = { pause: 'paused', resume: 'approved', stop: 'stopped' } as const;
export type Steering = keyof typeof FROM;

/**
 * Pauses a run after the record under way, lets it go on, or stops it for good; what is gone is gone. Rejects
 * with DISPOSAL_RUN_UNKNOWN and DISPOSAL_RUN_STATE.
 */
export async function steerRun(
  deps: Pick<RunDeps, 'db' | 'clock' | 'audit'>,
  officer: Officer,
  { id, to }: { id: string; to: Steering },
  requestId: string,
): Promise<void> {
  const outboxId = await deps.db.transaction().execute(async (tx) => {
    const row = await lockRun(tx, id);
    const from: readonly string[] = FROM[to];
    if (!from.includes(row.state)) {
      throw disposalError('DISPOSAL_RUN_STATE', `the run is ${row.state}`);
    }
    await setState(tx, id, TO[to], to === 'stop' ? deps.clock.now() : undefined);
    const written = await deps.audit.append(tx, {
      actor: { id: officer.actorId, role: officer.role },
      ...{ action: `disposal.${to}`, resource: id, outcome: 'ok', requestId },
      detail: { records: row.records },
    });
    return written.outboxId;
  });
  await deps.audit.settle(outboxId);
}
