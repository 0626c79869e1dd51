import { indexRecord } from '../../index/index.ts';
import { objectsOf } from '../../record/object-rows.ts';
import { assignCase } from '../assign-case.ts';
import { catalogRow } from '../catalog-row.ts';
import { type Lock, lockCopy, noteLocks } from '../lock-copy.ts';
import { manifestDigest } from '../manifest-digest.ts';
import { notePending } from '../note-pending.ts';
import { noteVerified } from '../note-verified.ts';
import { readBack } from '../read-back.ts';
import { factsUpTo } from '../record-row.ts';
import type { Step } from './step.ts';

/**
 * Reads every final object back at every site that must acknowledge it, compares digests and locks it
 * where the site can; only then is the record archived, findable, and its quarantine set to go.
 */
export const placeRecord: Step = async (deps, row, material) => {
  const { media, classification, tier: pool } = factsUpTo(row, 'classification');
  const objects = (await objectsOf(deps.db, row.id)).filter((one) => one.pool !== 'quarantine');
  const { acknowledged: sites, further } = deps.placement.copiesOf(pool, deps.clock.now());
  const { startedAt } = row;
  const retention = await deps.retentionFor({ tier: pool, classification, startedAt });
  const locks: Lock[] = [];
  let mended = 0;
  await Promise.all(
    sites.map(async (site) => {
      for (const object of objects) {
        // Sealed under another policy, it may have to come there yet.
        if (!object.sites.includes(site)) await deps.vault.copy(object, site);
        else if (await readBack(deps, object, site)) mended += 1;
        const until = await lockCopy(deps, object, site, retention);
        if (until !== null) locks.push({ site, objectId: object.id, until });
      }
    }),
  );
  const call = await catalogRow(deps, row, await material.plan(media));
  const now = deps.clock.now();
  return {
    detail: {
      ...{ copies: objects.length * sites.length, sites: sites.join(',') },
      ...(mended === 0 ? {} : { mended }),
      // What repairs and rebuilds of the record are held against.
      ...manifestDigest(objects),
    },
    commit: async (tx) => {
      await noteVerified(tx, objects, sites, now);
      await noteLocks(tx, locks);
      await notePending(tx, objects, further);
      await tx.updateTable('record').set({ archived_at: now }).where('id', '=', row.id).execute();
      await deps.giveTerm(tx, row.id);
      await indexRecord(tx, call, deps.indexKeys.current);
      await deps.catchHolds(tx, row.id);
      if (pool === 'core') await assignCase(tx, row.id, deps.crisisTeam, 'archive', now);
      await deps.queue.destroyQuarantine(tx, row.id);
      const { phone, account } = call;
      await deps.restrictLate(tx, { recordId: row.id, startedAt, phone, account });
    },
  };
};
