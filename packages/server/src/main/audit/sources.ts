import { readFile } from 'node:fs/promises';
import { ROLES, type Seals } from '../../access/index.ts';
import type { Clock } from '../../core/clock.ts';
import type { Db } from '../../core/database.ts';
import type { Random } from '../../core/random.ts';
import type { AuditSources } from '../../inspect/audit/index.ts';
import { ENVELOPE_BYTES, type KeyStore, type Warrants } from '../../keys/index.ts';
import { manifestDigestOf, type Sequencer } from '../../ledger/index.ts';
import { knownPersonalData, redactMetadata } from '../../pipeline/redact-metadata.ts';
import { envelopeKey, objectKey, type SiteSet, wantedCopies } from '../../place/index.ts';
import type { Manifest } from '../../record/manifest.ts';
import type { Transcript } from '../../record/transcript.ts';
import type { Vault } from '../../record/vault.ts';
import { residualFindings } from '../../redact/index.ts';
import { neededUntil } from '../../retire/originals/index.ts';
import { loadProfiles } from '../../retire/retention.ts';
import { retentionRules } from '../../retire/terms/index.ts';
import type { KeysPort } from '../../serve/ports.ts';
import { auditLimits } from '../audit-settings.ts';
import type { Config } from '../config.ts';
import type { PlacementInForce } from '../placement-in-force.ts';
import type { SiteEntry } from '../sites-file.ts';
import { accountsOf, forgedRowsOf } from './accounts.ts';
import { diskStates } from './disks.ts';
import { keyPlaceOf } from './key-place.ts';
import { rulesFor } from './rules-for.ts';

export interface SourceParts {
  db: Db;
  clock: Clock;
  random: Random;
  archiveId: string;
  keyFolder: string;
  keys: KeyStore;
  keysView: Pick<KeysPort, 'view'>;
  sites: SiteSet;
  entries: readonly SiteEntry[];
  vault: Vault;
  warrants: Warrants;
  placement: PlacementInForce;
  seals: Seals;
  sequencer: Sequencer;
}

/** Everything that checks of an audit look at, joined from the rooms that know it. */
export async function auditSources(config: Config, parts: SourceParts): Promise<AuditSources> {
  const { db, clock, archiveId, keys, sites, vault, warrants, placement, seals, sequencer } = parts;
  const { timeZone } = config;
  const text = await readFile(config.retention, 'utf8');
  const { sensitiveOriginalDays } = config;
  const rules = retentionRules(loadProfiles(text, config.retention));
  const needed = { clock, timeZone, rules, sensitiveOriginalDays };
  return {
    ...{ db, clock, timeZone, archiveId, vault, sites: sites.all, envelopeBytes: ENVELOPE_BYTES },
    keysOf: (id) => ({ object: objectKey(id), envelope: envelopeKey(id) }),
    loggedManifest: (recordId) => manifestDigestOf(db, recordId),
    wanted() {
      const policy = placement.policy();
      const coldSite = policy.pools.basic.eviction?.site;
      return { copies: wantedCopies(policy), ...(coldSite === undefined ? {} : { coldSite }) };
    },
    retention: rulesFor(db, { text, name: config.retention }, timeZone),
    isHeld: (recordId) => isHeld(db, recordId),
    originalNeeded: async (recordId) => (await neededUntil(needed, db, recordId))?.until,
    residue: (transcript, manifest) => residue(transcript, manifest),
    accounts: () => accountsOf({ db, seals }),
    forgedRows: (table) => forgedRowsOf({ db, seals }, table),
    roles: ROLES,
    warrants: {
      signerOf: (canonical, assertion) => warrants.signerOf(canonical, assertion),
      unreviewed: () => warrants.unreviewed(),
      inForce: (now) => warrants.inForce(now),
    },
    keys: {
      epochs: () => keys.epochs(),
      currentEpoch: (pool) => keys.currentEpoch(pool),
      view: () => parts.keysView.view(),
      place: () => keyPlaceOf(parts.keyFolder, foldersOf(config, parts.entries)),
    },
    log: () => sequencer.log(),
    witnesses() {
      const { quorum, at, witnesses } = sequencer.health().witnessing;
      return { quorum, vkeys: witnesses.map(({ vkey }) => vkey), witnessedAt: at };
    },
    disks: () => diskStates(parts.entries, { data: config.data, keys: parts.keyFolder }),
    limits: auditLimits(config),
  };
}

const foldersOf = (config: Config, entries: readonly SiteEntry[]) => [
  { place: 'data', folder: config.data },
  ...entries.flatMap(({ name, folder }) => (folder === undefined ? [] : [{ place: name, folder }])),
];

async function isHeld(db: Db, recordId: string): Promise<boolean> {
  const row = await db
    .selectFrom('held_record')
    .innerJoin('legal_hold', 'legal_hold.id', 'held_record.hold_id')
    .select('hold_id')
    .where('record_id', '=', recordId)
    .where('released_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** In the transcript, and in the texts that the manifest keeps beside it. */
function residue(transcript: Transcript, manifest: Manifest) {
  const { media, metadata } = manifest;
  const { durationMs, channels } = media;
  const known = knownPersonalData(metadata);
  return [
    ...residualFindings(transcript, { durationMs, channels, ...known }),
    ...redactMetadata(metadata).findings.map(({ type }) => ({ type, turn: -1 })),
  ];
}
