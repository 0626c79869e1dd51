import type { LedgerErrorCode, WitnessErrorCode } from './ports.ts';
import type { LedgerHealth } from './sequencer-port.ts';

/** Something for which waiting is no remedy: somebody has to look. */
export interface LedgerAlarm {
  code: LedgerErrorCode | WitnessErrorCode;
  /** The site or the witness where it was met; not known of everything. */
  where?: string;
}

/** Neither a site nor a witness that is silent: both come back, and the status page has them. */
const ALARMING: readonly string[] = [
  'LEDGER_FORKED',
  'LEDGER_STORE_FOREIGN',
  'LEDGER_DAMAGED',
  'WITNESS_REFUSED',
  'WITNESS_COSIGNATURE_BAD',
  'WITNESS_AHEAD',
  'WITNESS_FORKED',
] satisfies LedgerAlarm['code'][];

/** What is alarming now, each once: of the sites the first that met it, of the witnesses each. */
export function alarmsIn({ lastError, stores, witnessing }: LedgerHealth): LedgerAlarm[] {
  const met = [
    ...[...stores, ...witnessing.witnesses].map((one) => alarmOf(one.lastError, one.name)),
    alarmOf(lastError),
  ].flat();
  return met.filter((one, at) => met.findIndex((other) => sameAlarm(one, other)) === at);
}

const alarmOf = (code: LedgerAlarm['code'] | undefined, where?: string): LedgerAlarm[] =>
  code !== undefined && ALARMING.includes(code)
    ? [{ code, ...(where === undefined ? {} : { where }) }]
    : [];

/** A fork is one for all sites; a witness speaks for itself. */
export const sameAlarm = (one: LedgerAlarm, other: LedgerAlarm): boolean =>
  one.code === other.code && (!one.code.startsWith('WITNESS_') || one.where === other.where);
