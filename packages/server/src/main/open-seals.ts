import { join } from 'node:path';
import { createSeals, keepVersions, type Seals, sealOldRows } from '../access/index.ts';
import { ARCHIVE_ACTOR, type Audit } from '../core/audit.ts';
import type { Db } from '../core/database.ts';
import { errorKind } from '../core/error-kind.ts';
import { isUuid } from '../core/ids.ts';
import type { Notices } from '../core/notices.ts';
import type { Random } from '../core/random.ts';
import type { KeyStore } from '../keys/index.ts';
import type { EventLog } from '../platform/log/logger.ts';
import { openVersionFile } from './version-file.ts';

/**
 * The seals of accounts, sessions and keys of services. At the first start that has them the rows
 * of before are sealed, once: that it was done stands in the key folder, where whoever holds the
 * database cannot undo it.
 */
export async function openSeals(parts: {
  db: Db;
  keys: KeyStore;
  keyFolder: string;
  audit: Audit;
  notices: Notices;
  log: EventLog;
  random: Random;
}): Promise<Seals> {
  const { db, keys, keyFolder, audit, notices, log, random } = parts;
  const file = await openVersionFile(join(keyFolder, 'row-versions.json'));
  const seals = createSeals({
    ...{ secret: keys.secret('account-rows'), random, memory: file.memory },
    onForged: (table, rowId) => {
      log.error('a planted row', { kind: table });
      const entry = {
        ...{ actor: ARCHIVE_ACTOR, action: 'account.forged', outcome: 'refused' as const },
        // Whatever else stands there is the forger's text.
        ...(isUuid(rowId) ? { resource: rowId } : {}),
        detail: { table },
      };
      db.transaction()
        .execute(async (tx) => {
          await audit.append(tx, entry);
          await notices.tell(tx, {
            ...{ to: { roles: ['admin', 'compliance'] }, kind: 'account.forged' },
            ...{ severity: 'alarm', detail: { table } },
            ...(isUuid(rowId) ? { resource: rowId } : {}),
          });
        })
        .catch((error: unknown) =>
          log.error('a planted row is not on the ledger', { kind: errorKind(error) }),
        );
    },
  });
  if (file.made) {
    const rows = await sealOldRows({ db, seals });
    await file.keep();
    if (rows > 0) log.info('rows of accounts and keys sealed', { count: rows });
  }
  await keepVersions({ db, seals });
  return seals;
}
