import type { Tx } from '../../core/database.ts';
import type { StoredObject } from '../../record/vault.ts';
import type { Tier } from '../../record/vocabulary.ts';
import type { PipelineDeps } from '../deps.ts';
import type { RecordMaterial } from '../record-material.ts';
import type { RecordRow, StepFacts } from '../record-row.ts';

/** What a step leaves behind; all of it is committed with the new state or not at all. */
export interface StepResult {
  facts?: Partial<StepFacts>;
  tier?: Tier;
  written?: StoredObject[];
  /** Counts and names for the ledger entry of the new state. */
  detail?: Record<string, string | number | boolean>;
  /** Further rows of the same transaction. */
  commit?: (tx: Tx) => Promise<void>;
}

/** A step reads sealed objects and facts, and may be run again after any crash. */
export type Step = (
  deps: PipelineDeps,
  row: RecordRow,
  material: RecordMaterial,
) => Promise<StepResult>;
