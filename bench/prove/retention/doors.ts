import type { NaiveClosure, NaiveRules } from '../../../test/retention/naive-model.ts';

/** What a hold is asked for. */
export type HoldAim =
  | { recordIds: string[] }
  | { query: { issueType: string; from: string; to: string } };

/**
 * The doors that the proof uses of the archive. Each resolves when what it asked for is done, jobs included;
 * a refusal rejects.
 */
export interface Doors {
  changeRules(rules: NaiveRules): Promise<void>;
  tellAnchor(recordId: string, anchor: string, day: string): Promise<void>;
  /** Resolves to its id, and how many of the records had gone already. */
  placeHold(aim: HoldAim): Promise<{ id: string; late: number }>;
  releaseHold(id: string): Promise<void>;
  closeAccount(reference: string, closure: NaiveClosure): Promise<void>;
  /** Granted by another person. Resolves to its id. */
  erase(phone: string): Promise<string>;
  withdraw(requestId: string): Promise<void>;
  /** How many records would go today, by ground. */
  due(): Promise<Record<string, number>>;
  /** Everything that is due, by a run that two people sign. Resolves to how many went. */
  dispose(): Promise<number>;
}
