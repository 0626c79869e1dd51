import {
  askWait,
  decideWait,
  type OriginalDeps,
  viewAsked,
  viewOriginal,
} from '../retire/originals/index.ts';
import type { OriginalsPort } from '../serve/ports.ts';
import type { Config } from './config.ts';
import { retentionInForce } from './retention-in-force.ts';

/** The door to sensitive originals: until when they are needed, and who asks for longer. */
export async function openOriginals(
  config: Pick<Config, 'retention' | 'sensitiveOriginalDays' | 'timeZone'>,
  parts: Omit<OriginalDeps, 'rules' | 'sensitiveOriginalDays' | 'timeZone'>,
): Promise<OriginalsPort> {
  const { sensitiveOriginalDays, timeZone } = config;
  const rules = await retentionInForce(config);
  const deps = { ...parts, rules, sensitiveOriginalDays, timeZone };
  return {
    view: (recordId, person) => viewOriginal(deps, person, recordId),
    asked: (person) => viewAsked(deps, person),
    async ask(asked, officer) {
      await askWait(deps, officer, asked);
      return viewOriginal(deps, officer.person, asked.recordId);
    },
    async decide(decision, officer) {
      const recordId = await decideWait(deps, officer, decision);
      return viewOriginal(deps, officer.person, recordId);
    },
  };
}
