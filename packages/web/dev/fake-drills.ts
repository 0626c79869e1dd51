import type { DrillFigures, DrillIn, DrillsView, DrillView } from '@voxkeep/contract';
import { idOf } from './fake-records.ts';

/** Drills of the stand-in archive; one that is begun takes twelve seconds. */

const HOUR_MS = 3_600_000;
const DRILL_MS = 12_000;
const PHASES = ['keys', 'catalog', 'ledger', 'calls'] as const;
const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();

function figuresOf(part: number, more: Partial<DrillFigures> = {}): DrillFigures {
  const [rowsOfSnapshot, recordsOfArchive] = [4_860_212, 187_031];
  return {
    ...{ rows: Math.round(rowsOfSnapshot * part), rowsOfSnapshot },
    ...{ records: Math.round(recordsOfArchive * part), recordsOfArchive },
    ...{ rtoS: 1842 * part + 31, rtoWholeS: 1873, rpoS: 0, copiesDue: 0 },
    ...{ callsOpened: 50, callsNotOpened: 0, bytesRead: 2.1e9 * part + 84e6 },
    ...{ ledgerEntries: 1_912_088, ...more },
  };
}

let made = 0;
function drillOf(hours: number, more: Partial<DrillView>): DrillView {
  made += 1;
  const figures = figuresOf(more.kind === 'whole' ? 1 : 0.05);
  return {
    ...{ id: idOf(7000 - made), site: 'hq', kind: 'sample', by: 'archive', outcome: 'ok', figures },
    ...{ startedAt: ago(hours), endedAt: ago(hours - (more.figures ?? figures).rtoS / 3600) },
    ...more,
  };
}
/** Ended before it found anything out. */
function endedEarly(hours: number, more: Partial<DrillView>): DrillView {
  const { figures: _none, ...drill } = drillOf(hours, more);
  return { ...drill, endedAt: ago(hours - 0.02) };
}

const drills: DrillView[] = [
  drillOf(27, { site: 'hq', figures: figuresOf(0.05, { copiesDue: 212 }) }),
  endedEarly(75, { site: 'cloud', outcome: 'failed', code: 'SITE_UNREACHABLE', by: 'hanlei' }),
  endedEarly(75.5, { site: 'cloud', outcome: 'broken-off', by: 'hanlei' }),
  drillOf(195, {
    site: 'branch',
    kind: 'whole',
    by: 'hanlei',
    figures: figuresOf(1, { rpoS: 96 }),
  }),
  drillOf(363, {
    ...{ site: 'cloud', outcome: 'slow' },
    figures: figuresOf(0.05, { rtoWholeS: 3340, rpoS: 5460, copiesDue: 12_810 }),
  }),
  drillOf(531, {
    ...{ site: 'branch', outcome: 'failed', code: 'OBJECT_DAMAGED' },
    figures: figuresOf(0.05, { callsOpened: 47, callsNotOpened: 3 }),
  }),
  ...Array.from({ length: 14 }, (_, at) =>
    drillOf(699 + at * 168, { site: ['hq', 'cloud', 'branch'][at % 3] ?? 'hq' }),
  ),
];
let running: { drill: DrillView; sinceMs: number } | undefined;

function goOn(): void {
  if (running === undefined) return;
  const part = (Date.now() - running.sinceMs) / DRILL_MS;
  const at = Math.floor(part * PHASES.length);
  const phase = PHASES[at];
  const { progress: _over, ...drill } = running.drill;
  if (phase === undefined) {
    const figures = figuresOf(drill.kind === 'whole' ? 1 : 0.05);
    drills[0] = { ...drill, outcome: 'ok', endedAt: new Date().toISOString(), figures };
    running = undefined;
    return;
  }
  const done = Math.floor((part * PHASES.length - at) * 1000);
  drills[0] = { ...drill, progress: { phase, done, total: 1000 } };
}

/** A `young` archive has tried nothing; a `sound` one all, and well. */
export function drillsView(kind: 'young' | 'sound' | 'worn'): DrillsView {
  goOn();
  const shown = {
    young: running === undefined ? [] : drills.slice(0, 1),
    sound: drills.filter(({ outcome }) => outcome === undefined || outcome === 'ok'),
    worn: drills,
  };
  return {
    ...{ drills: shown[kind], limitS: 2700, serverTime: new Date().toISOString() },
    next: { at: ago(-5.6 * 24), site: 'branch', kind: 'sample' },
  };
}

/** Whether it has begun; another may be going on. */
export function beginDrill({ site, kind }: DrillIn, by: string): boolean {
  goOn();
  if (running !== undefined) return false;
  const startedAt = new Date().toISOString();
  const drill: DrillView = { id: idOf(8000 + drills.length), site, kind, by, startedAt };
  running = { drill, sinceMs: Date.now() };
  drills.unshift(drill);
  return true;
}
