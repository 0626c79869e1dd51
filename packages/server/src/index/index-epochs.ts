import { sql } from 'kysely';
import type { IndexKeyring, IndexKeys } from '../core/blind-index.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../core/database.ts';
import type { KeyStore } from '../keys/index.ts';

type IndexKeyStore = Pick<KeyStore, 'indexEpochs' | 'makeIndexKeys' | 'indexSecret'>;

/** The epochs of the blind indexes, as the key folder holds their keys and calls name them. */
export interface IndexEpochs extends IndexKeyring {
  /** Content epochs of which the keys are held, the oldest first. */
  epochs(): string[];
  /** From now on calls are indexed in that content epoch; its keys are durable before it resolves. */
  begin(epoch: string): Promise<void>;
  /** Searches ask for that epoch no more; to be called before its keys are destroyed. */
  drop(epoch: string): void;
}

/** The keyring of an archive, each epoch with the number by which calls name it. */
export async function openIndexEpochs(deps: {
  db: Db;
  clock: Clock;
  keys: IndexKeyStore;
}): Promise<IndexEpochs> {
  const { db, clock, keys } = deps;
  const names = new Map<number, string>();
  /** The newest first. */
  let held = await numbered();
  await takeBackLater(db, held[0].epoch);

  async function numbered(): Promise<[IndexKeys, ...IndexKeys[]]> {
    const found: IndexKeys[] = [];
    for (const epoch of keys.indexEpochs()) {
      const number = await numberOf(db, epoch, clock.now());
      names.set(number, epoch);
      found.unshift({
        epoch: number,
        phone: keys.indexSecret('phone-index', epoch),
        text: keys.indexSecret('text-index', epoch),
        account: keys.indexSecret('account-index', epoch),
      });
    }
    const [newest, ...older] = found;
    if (newest === undefined) throw new TypeError('a key folder without keys of an index');
    return [newest, ...older];
  }

  return {
    get current() {
      return held[0];
    },
    get held() {
      return held;
    },
    epochs: () => keys.indexEpochs(),
    async begin(epoch) {
      await keys.makeIndexKeys(epoch);
      held = await numbered();
    },
    drop(epoch) {
      const [current, ...older] = held;
      held = [current, ...older.filter((one) => names.get(one.epoch) !== epoch)];
    },
  };
}

/** The number of an epoch; the next one for an epoch that has none yet. Into the first there is no walk. */
async function numberOf(db: Db, epoch: string, now: Date): Promise<number> {
  await sql`insert into index_epoch (number, epoch, began_at, ended_at)
    select coalesce(max(number), 0) + 1, ${epoch}, ${now},
      case when max(number) is null then ${now}::timestamptz end
    from index_epoch on conflict (epoch) do nothing`.execute(db);
  const { number } = await db
    .selectFrom('index_epoch')
    .select('number')
    .where('epoch', '=', epoch)
    .executeTakeFirstOrThrow();
  return number;
}

/** Of keys that came from an older escrow bundle: what was indexed in later epochs is indexed in this one. */
async function takeBackLater(db: Db, current: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const later = await tx
      .deleteFrom('index_epoch')
      .where('number', '>', current)
      .executeTakeFirst();
    if (later.numDeletedRows === 0n) return;
    await tx
      .updateTable('index_epoch')
      .set({ reached_at: null, reached_id: null, ended_at: null })
      .where('number', '=', current)
      .execute();
  });
}
