import { deflateRawSync } from 'node:zlib';
import type { CallRow } from '../index/index.ts';
import { maskAccount, maskName, maskPhone } from '../record/masked.ts';
import type { PipelineDeps } from './deps.ts';
import { factsUpTo, type RecordRow } from './record-row.ts';
import type { RedactionPlan } from './redaction-plan.ts';

/** What a classified record becomes in the catalog; its texts and names sealed under its own key. */
export async function catalogRow(
  deps: PipelineDeps,
  row: RecordRow,
  plan: RedactionPlan,
): Promise<CallRow> {
  const { media, classification, tier: pool } = factsUpTo(row, 'classification');
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
