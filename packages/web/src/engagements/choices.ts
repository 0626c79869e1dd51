import type { AuditCheckId } from '@voxkeep/contract';

/** In the order in which they run. Kept here, so that the page does not carry the schemas' code. */
export const CHECK_IDS = [
  ...(['clock.sane', 'ledger.tree', 'ledger.sites', 'ledger.witnesses'] as const),
  ...(['objects.sealed', 'objects.evidence', 'copies.placed', 'copies.verified'] as const),
  ...(['retention.minimum', 'retention.maximum', 'retention.overdue'] as const),
  ...(['retention.pending', 'retention.rules', 'holds.intact', 'restriction.kept'] as const),
  ...(['quarantine.waiting', 'quarantine.originals', 'redaction.residue'] as const),
  ...(['access.accounts', 'access.sessions', 'access.api_keys', 'access.grants'] as const),
  ...(['access.separation', 'access.unused', 'access.mandates', 'access.break_glass'] as const),
  ...(['keys.age', 'keys.escrow', 'keys.apart', 'disks.encrypted'] as const),
  ...(['recovery.drill', 'recovery.journal'] as const),
  ...(['registers.site_country', 'registers.impact'] as const),
  ...(['registers.consent', 'registers.processors'] as const),
] as const satisfies readonly AuditCheckId[];

export const TIERS = ['basic', 'core', 'sensitive'] as const;
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
