const RULE_SOURCES = ['file', 'waiting'] as const;
export type RulesSource = (typeof RULE_SOURCES)[number];

/** What the editor begins with, as it stands in the address; the rules in force where nothing does. */
export function readRulesSource(search: Record<string, unknown>): { from?: RulesSource } {
  const from = RULE_SOURCES.find((one) => one === search['from']);
  return from === undefined ? {} : { from };
}
