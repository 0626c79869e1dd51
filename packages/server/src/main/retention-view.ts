import type { RetentionRulesView } from '@voxkeep/contract';
import type { Audit } from '../core/audit.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import type { Notices } from '../core/notices.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import type { EventLog } from '../platform/log/logger.ts';
import {
  applyRules,
  explainTerm,
  preview,
  type RetentionRules,
  rulesText,
  tellOne,
  viewRules,
} from '../retire/terms/index.ts';
import type { RetentionPort } from '../serve/ports.ts';
import type { Closers } from './closers.ts';
import { fileState, retentionInForce } from './retention-in-force.ts';
import { startTerms, type TermWalker } from './start-terms.ts';

interface Settings {
  retention: string;
  timeZone: string;
}

/** Starts what gives records their terms; resolves to what officers see of it. */
export async function openRetention(
  config: Settings,
  deps: PipelineDeps & { notices: Notices },
  log: EventLog,
  closers: Closers,
): Promise<RetentionPort> {
  const rules = await retentionInForce(config);
  const walker = startTerms({ ...deps, rules }, log);
  closers.add(() => walker.stop());
  return createRetention(config, { ...deps, rules, walker });
}

/** What officers see of retention, and change. */
export function createRetention(
  config: Settings,
  deps: {
    db: Db;
    clock: Clock;
    audit: Audit;
    rules: RetentionRules;
    walker: Pick<TermWalker, 'wake'>;
  },
): RetentionPort {
  const { db, walker } = deps;
  const terms = { ...deps, timeZone: config.timeZone };
  const view = async (): Promise<RetentionRulesView> => {
    const seen = await viewRules(terms);
    return { ...seen, ...(await fileState(config, seen.inForce.digest)) };
  };
  return {
    view,
    text: (number) => rulesText(db, number),
    preview: (rules) => preview(db, rules),
    async apply(asked) {
      const state = await applyRules(deps, asked);
      if (state === 'done') walker.wake();
      return { state, rules: await view() };
    },
    explain: (recordId) => explainTerm(terms, recordId),
    async tell(recordId, told) {
      await tellOne(terms, recordId, told);
      walker.wake();
    },
  };
}
