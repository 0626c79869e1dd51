import { deflateRawSync } from 'node:zlib';
import { ArchiveError } from '../core/errors.ts';
import type { CallRow } from '../index/index.ts';
import { maskAccount, maskName, maskPhone } from '../record/masked.ts';
import type { PipelineDeps } from './deps.ts';
import type { RedactionPlan } from './plan.ts';
import type { RecordRow } from './record-row.ts';

/** What a classified record becomes in the catalog; its texts and names sealed under its own key. */
export async function catalogRow(
  deps: PipelineDeps,
  row: RecordRow,
  plan: RedactionPlan,
): Promise<CallRow> {
  const { media, classification } = row.facts;
  const pool = row.tier;
  if (media === undefined || classification === undefined || pool === undefined) {
    throw new ArchiveError('STEP_FACTS_MISSING', `record ${row.id} was not probed and classified`);
  }
  const { metadata } = plan;
  const { agent, customer } = metadata;
  const texts = plan.transcript.turns.map((turn) => turn.text);
  const shown = {
    texts,
    ...(agent.name === undefined ? {} : { agentName: agent.name }),
    ...(customer.phone === undefined ? {} : { phoneMasked: maskPhone(customer.phone) }),
    ...(customer.account === undefined ? {} : { accountMasked: maskAccount(customer.account) }),
    ...(customer.name === undefined ? {} : { nameMasked: maskName(customer.name) }),
  };
  const plain = deflateRawSync(JSON.stringify(shown));
  const { segment, industry } = classification;
  const legAgentIds = metadata.events.flatMap((event) => event.agentId ?? []);
  return {
    id: row.id,
    startedAt: row.startedAt,
    durationMs: media.durationMs,
    tier: pool,
    issueType: classification.issueType,
    agentId: agent.id,
    legAgentIds,
    channel: metadata.channel,
    direction: metadata.direction,
    ticketIds: metadata.ticketIds,
    findingCount: plan.findings.length,
    texts,
    fields: await deps.fields.seal(row.id, pool, plain),
    ...(metadata.team === undefined ? {} : { teamId: metadata.team }),
    ...(segment === undefined ? {} : { segment }),
    ...(industry === undefined ? {} : { industry }),
    ...(customer.phone === undefined ? {} : { phone: customer.phone }),
    ...(customer.account === undefined ? {} : { account: customer.account }),
  };
}
