import type { LedgerStateView } from '@voxkeep/contract';
import type { Db } from '../../core/database.ts';
import { lastSuccession, latestCheckpoint, servedCheckpoint } from '../../ledger/index.ts';
import type { LedgerPort } from '../ports.ts';

/** Size, newest checkpoint, sites and witnesses, as this process knows them. */
export async function presentLedgerState(db: Db, ledger: LedgerPort): Promise<LedgerStateView> {
  const health = ledger.health();
  const latest = await latestCheckpoint(db);
  const served = await servedCheckpoint(db);
  const before = await lastSuccession(db);
  const { quorum, required, witnessed, size, at, witnesses } = health.witnessing;
  return {
    ...ledger.log(),
    ...(before && { succeeds: { origin: before.previous, size: before.size } }),
    size: latest?.size ?? 0,
    durableSize: latest?.durableSize ?? 0,
    checkpoint: served?.checkpoint ?? '',
    signedAt: (latest?.signedAt ?? new Date(0)).toISOString(),
    ...{ healthy: health.ok, toRestore: health.toRestore },
    ...(health.lastError === undefined ? {} : { lastError: health.lastError }),
    sites: health.stores.map((site) => ({
      ...{ name: site.name, size: site.size },
      ...(site.lastError === undefined ? {} : { lastError: site.lastError }),
    })),
    ...{ witnessed, quorum, required },
    ...(size === undefined ? {} : { witnessedSize: size }),
    ...(at === undefined ? {} : { witnessedAt: at.toISOString() }),
    witnesses: witnesses.map((one) => ({
      ...{ name: one.name, verifierKey: one.vkey },
      ...(one.size === undefined ? {} : { size: one.size }),
      ...(one.cosignedAt === undefined ? {} : { cosignedAt: one.cosignedAt.toISOString() }),
      ...(one.lastError === undefined ? {} : { lastError: one.lastError }),
    })),
  };
}
