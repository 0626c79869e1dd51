import { canonicalJson } from '../../core/canonical-json.ts';
import type { Manifest } from '../../record/manifest.ts';

/** What is in a manifest and not in its export: whose call it was, and what could tell. */
export const LEFT_OUT = [
  'metadata.sourceCallId',
  'metadata.customer.phone',
  'metadata.customer.account',
  'metadata.customer.name',
  'metadata.agent.name',
  'original.salt',
] as const;

/** The manifest as canonical JSON (RFC 8785), without what LEFT_OUT names. */
export function exportManifest(manifest: Manifest): string {
  const { metadata, original, createdAt, receivedAt, ...rest } = manifest;
  const { sourceCallId: _sourceCallId, customer, agent, startedAt, ...facts } = metadata;
  return canonicalJson({
    ...rest,
    ...{ createdAt: createdAt.toISOString(), receivedAt: receivedAt.toISOString() },
    metadata: {
      ...{ ...facts, startedAt: startedAt.toISOString(), agent: { id: agent.id } },
      customer: customer.segment === undefined ? {} : { segment: customer.segment },
    },
    original: { commitment: original.commitment },
    leftOut: LEFT_OUT,
  });
}
