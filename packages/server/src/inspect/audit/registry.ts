import {
  accessAccounts,
  accessApiKeys,
  accessSeparation,
  accessSessions,
  accessUnused,
} from './checks/access-accounts.ts';
import { accessBreakGlass, accessGrants, accessMandates } from './checks/access-grants.ts';
import { clockSane } from './checks/clock-sane.ts';
import { copiesPlaced, copiesVerified } from './checks/copies.ts';
import { disksEncrypted } from './checks/disks-encrypted.ts';
import { holdsIntact } from './checks/holds-intact.ts';
import { keysAge, keysApart, keysEscrow } from './checks/keys.ts';
import { ledgerSites } from './checks/ledger-sites.ts';
import { ledgerTree } from './checks/ledger-tree.ts';
import { ledgerWitnesses } from './checks/ledger-witnesses.ts';
import { objectsEvidence } from './checks/objects-evidence.ts';
import { objectsSealed } from './checks/objects-sealed.ts';
import { quarantineOriginals, quarantineWaiting } from './checks/quarantine.ts';
import { recoveryDrill, recoveryJournal } from './checks/recovery.ts';
import { redactionResidue } from './checks/redaction-residue.ts';
import {
  registersConsent,
  registersImpact,
  registersProcessors,
  registersSiteCountry,
} from './checks/registers.ts';
import { restrictionKept } from './checks/restriction-kept.ts';
import { retentionMaximum } from './checks/retention-maximum.ts';
import { retentionMinimum } from './checks/retention-minimum.ts';
import { retentionOverdue } from './checks/retention-overdue.ts';
import { retentionPending } from './checks/retention-pending.ts';
import { retentionRules } from './checks/retention-rules.ts';
import type { Checks } from './ports.ts';

/** What each check of an audit is; the ids, and their order, are the contract's. */
export const CHECKS: Checks = {
  'clock.sane': clockSane,
  'ledger.tree': ledgerTree,
  'ledger.sites': ledgerSites,
  'ledger.witnesses': ledgerWitnesses,
  'objects.sealed': objectsSealed,
  'objects.evidence': objectsEvidence,
  'copies.placed': copiesPlaced,
  'copies.verified': copiesVerified,
  'retention.minimum': retentionMinimum,
  'retention.maximum': retentionMaximum,
  'retention.overdue': retentionOverdue,
  'retention.pending': retentionPending,
  'retention.rules': retentionRules,
  'holds.intact': holdsIntact,
  'restriction.kept': restrictionKept,
  'quarantine.waiting': quarantineWaiting,
  'quarantine.originals': quarantineOriginals,
  'redaction.residue': redactionResidue,
  'access.accounts': accessAccounts,
  'access.sessions': accessSessions,
  'access.api_keys': accessApiKeys,
  'access.grants': accessGrants,
  'access.separation': accessSeparation,
  'access.unused': accessUnused,
  'access.mandates': accessMandates,
  'access.break_glass': accessBreakGlass,
  'keys.age': keysAge,
  'keys.escrow': keysEscrow,
  'keys.apart': keysApart,
  'disks.encrypted': disksEncrypted,
  'recovery.drill': recoveryDrill,
  'recovery.journal': recoveryJournal,
  'registers.site_country': registersSiteCountry,
  'registers.impact': registersImpact,
  'registers.consent': registersConsent,
  'registers.processors': registersProcessors,
};
