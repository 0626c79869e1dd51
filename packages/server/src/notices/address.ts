import type { NoticeAddressIn } from '@voxkeep/contract';
import type { Clock } from '../core/clock.ts';
import type { Db, Queryable } from '../core/database.ts';
import type { AddressSealer } from './ports.ts';

export interface NoticeAddress {
  address: string;
  language: NoticeAddressIn['language'];
}

/** Bound to its owner: an address that is moved to another row does not open. */
const sealedAs = (actorId: string) => `notice-address/${actorId}`;

/** Where the person wants mail; undefined when they want none. */
export async function addressOf(
  db: Queryable,
  sealer: AddressSealer,
  actorId: string,
): Promise<NoticeAddress | undefined> {
  const row = await db
    .selectFrom('notice_address')
    .select('sealed')
    .where('actor_id', '=', actorId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return JSON.parse(sealer.open(sealedAs(actorId), row.sealed).toString()) as NoticeAddress;
}

/** Keeps the person's address, sealed, or forgets it: undefined is for no mail. */
export async function setAddress(
  db: Db,
  deps: { clock: Clock; sealer: AddressSealer },
  actorId: string,
  wanted: NoticeAddress | undefined,
): Promise<void> {
  if (wanted === undefined) {
    await db.deleteFrom('notice_address').where('actor_id', '=', actorId).execute();
    return;
  }
  const { address, language } = wanted;
  const plain = Buffer.from(JSON.stringify({ address, language }));
  const row = { sealed: deps.sealer.seal(sealedAs(actorId), plain), changed_at: deps.clock.now() };
  await db
    .insertInto('notice_address')
    .values({ actor_id: actorId, ...row })
    .onConflict((conflict) => conflict.column('actor_id').doUpdateSet(row))
    .execute();
}
