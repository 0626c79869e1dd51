import type { AuditCheckId, EngagementIn, EvidenceReference, Tier } from '@voxkeep/contract';

/** Calls of a period and of tiers, as a form has them. */
export interface CallsFields {
  callsFrom: string;
  callsTo: string;
  tiers: Tier[];
}

export interface EngagementFields extends CallsFields {
  firm: string;
  purpose: string;
  checks?: AuditCheckId[];
  from: string;
  until: string;
}

export const callsIn = ({ callsFrom, callsTo, tiers }: CallsFields) => ({
  ...{ from: callsFrom, to: callsTo, tiers },
});

/** What is sent of the form; no check chosen is all of them. */
export function engagementOf(fields: EngagementFields): EngagementIn {
  const { firm, purpose, checks = [], from, until } = fields;
  return { firm, purpose, calls: callsIn(fields), checks, from, until };
}

/** Entries of the ledger by their indexes, a list as somebody types it; what is none is named. */
export function readEntries(text: string): { entries: string[]; wrong: string[] } {
  const words = text.split(/[\s,;，；、#]+/).filter((word) => word !== '');
  const isIndex = (word: string) => /^(?:0|[1-9]\d{0,14})$/.test(word);
  return {
    entries: [...new Set(words.filter(isIndex))],
    wrong: words.filter((word) => !isIndex(word)),
  };
}

/** What an answer rests on: audits, records and entries, in this order. */
export function referencesOf(
  audits: readonly string[],
  records: readonly string[],
  entries: readonly string[],
): EvidenceReference[] {
  return [
    ...audits.map((id) => ({ kind: 'audit', id }) as const),
    ...records.map((id) => ({ kind: 'record', id }) as const),
    ...entries.map((id) => ({ kind: 'entry', id }) as const),
  ];
}
