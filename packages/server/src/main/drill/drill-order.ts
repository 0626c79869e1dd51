import type { DrillFigures, DrillView } from '@voxkeep/contract';
import type { Config } from '../config.ts';

/** What a drill's program is told, as a line of JSON on its standard input; no secret is in it. */
export interface DrillOrder {
  config: Config;
  keyFolder: string;
  archiveId: string;
  site: string;
  kind: DrillView['kind'];
  /** Empty or absent; whoever orders removes it too. */
  scratch: string;
}

export type DrillProgress = NonNullable<DrillView['progress']>;

/** What the program alone can say; the rest is the live catalog's. */
export type MeasuredFigures = Omit<
  DrillFigures,
  'recordsOfArchive' | 'rpoS' | 'copiesDue' | 'callsNotOpened'
>;

export interface DrillResult {
  measured: MeasuredFigures;
  /** Objects that the site should have and that did not open; the code says why. */
  notOpened: { recordId: string; objectId: string; code: string }[];
  /** How far the site's journal reaches. */
  journal: { timeline: number; nextSegment: number; gaps: number };
}

/** What it says on its standard output, a line of JSON each; the last one is a result or a failure. */
export type DrillLine =
  | { kind: 'progress'; progress: DrillProgress }
  | { kind: 'result'; result: DrillResult }
  /** An error's code; `reason` for the log where it has none. */
  | { kind: 'failed'; code: string; reason: string };
