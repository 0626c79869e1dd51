import type { Tx } from '../core/database.ts';
import type { Telling } from '../core/notices.ts';

/** Whether anybody was told of this kind and resource, with this code, since then. */
export async function wasTold(
  tx: Tx,
  { kind, resource, detail }: Pick<Telling, 'kind' | 'resource' | 'detail'>,
  since: Date,
): Promise<boolean> {
  const found = await tx
    .selectFrom('notice')
    .select('detail')
    .where('kind', '=', kind)
    .where('resource', 'is not distinct from', resource ?? null)
    .where('told_at', '>', since)
    .execute();
  return found.some((one) => one.detail['code'] === detail?.['code']);
}
