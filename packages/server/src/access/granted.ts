import { type RawBuilder, sql } from 'kysely';
import { isInScope, type LiveGrant, type LiveMandate } from '../record/grant.ts';
import { TIERS, type Tier } from '../record/vocabulary.ts';
import type { RecordFacts, Viewer } from './policy.ts';
import {
  type Action,
  EVERY_GRANT,
  FIELD_OPENS,
  GRANTABLE,
  MANDATE_OPENS,
  type Role,
} from './policy-table.ts';

/** What lets a viewer do more than the role's own lines. */
export type Granting = LiveGrant | LiveMandate;

/** The grants and mandates of this viewer that are in force and open `action` on some record. */
function opening(viewer: Viewer, action: Action, now: Date) {
  const current = (one: Granting) =>
    one.holderId === viewer.actorId &&
    one.holderRole === viewer.role &&
    one.since <= now &&
    now < one.until;
  const role = GRANTABLE[viewer.role];
  const grants = (viewer.grants ?? []).filter(
    (one) => role !== undefined && current(one) && opens(one, action, viewer.role),
  );
  const mandates = (viewer.mandates ?? []).filter(
    (one) => viewer.role === 'regulator' && current(one) && MANDATE_OPENS.includes(action),
  );
  return { grants, mandates };
}

/** Whether some grant or mandate of the viewer opens `action` on anything at all. */
export function isGrantedSomewhere(viewer: Viewer, action: Action, now: Date): boolean {
  const { grants, mandates } = opening(viewer, action, now);
  return grants.length + mandates.length > 0;
}

/** The grant or mandate that covers this action on this record now. */
export function grantCovering(
  viewer: Viewer,
  action: Action,
  facts: RecordFacts,
  now: Date,
): Granting | undefined {
  const { grants, mandates } = opening(viewer, action, now);
  return (
    grants.find((one) => covers(one, action, facts, viewer.role)) ??
    mandates.find((one) => inScope(one, facts))
  );
}

/** The same as SQL over `call c`, one condition for each grant and mandate. */
export function grantedSql(viewer: Viewer, action: Action, now: Date): RawBuilder<boolean>[] {
  const { grants, mandates } = opening(viewer, action, now);
  const states = GRANTABLE[viewer.role]?.states ?? [];
  return [
    ...grants.map((one) => {
      const unrestricted = states.includes('restricted') ? sql`true` : sql`not c.restricted`;
      return sql<boolean>`(${unrestricted} and exists (
        select 1 from jsonb_to_recordset(${JSON.stringify(asRows(one))}::jsonb)
          as g(id uuid, started_at timestamptz, tiers text[])
        where g.id = c.id and g.started_at = c.started_at and c.tier = any(g.tiers))
        and c.started_at = any(${one.records.map((record) => record.startedAt)}::timestamptz[])
        and c.id = any(${one.records.map((record) => record.id)}::uuid[]))`;
    }),
    ...mandates.map(({ scope }) => {
      const { industries, issueTypes, from, before } = scope;
      const parts = [sql`c.started_at >= ${from} and c.started_at < ${before}`];
      if (industries !== undefined) parts.push(sql`c.industry = any(${industries}::text[])`);
      if (issueTypes !== undefined) parts.push(sql`c.issue_type = any(${issueTypes}::text[])`);
      return sql<boolean>`(${sql.join(parts, sql` and `)})`;
    }),
  ];
}

/** Mandates reach restricted records too; nothing that is on its way or gone. */
const inScope = ({ scope }: LiveMandate, facts: RecordFacts): boolean =>
  (facts.state === 'archived' || facts.state === 'restricted') && isInScope(scope, facts);

function opens(grant: LiveGrant, action: Action, role: Role): boolean {
  const allowed = GRANTABLE[role]?.fields ?? [];
  const fields = grant.fields.filter((field) => allowed.includes(field));
  if (EVERY_GRANT.includes(action)) return fields.length > 0;
  return fields.some((field) => FIELD_OPENS[field] === action);
}

function covers(grant: LiveGrant, action: Action, facts: RecordFacts, role: Role): boolean {
  const named = grant.records.find((record) => record.id === facts.id);
  if (named === undefined || !upTo(named.tier).includes(facts.tier)) return false;
  if (new Date(named.startedAt).getTime() !== facts.startedAt.getTime()) return false;
  if (GRANTABLE[role]?.states.includes(facts.state) === true) return true;
  // What waits in quarantine has nothing but its original, and opens to auditors alone.
  return facts.state === 'quarantined' && role === 'auditor' && action === 'original';
}

/** The tiers that are no stricter: a record that moved up since is not what was approved. */
const upTo = (tier: Tier): Tier[] => TIERS.slice(0, TIERS.indexOf(tier) + 1);

const asRows = (grant: LiveGrant) =>
  grant.records.map(({ id, tier, startedAt }) => ({
    ...{ id, started_at: startedAt, tiers: upTo(tier) },
  }));
