import { GrowingTree, hashLeaf, openCheckpoint } from '@voxkeep/proof';
import type { Db } from '../../../core/database.ts';
import { assertAllBack, decodeEntry, latestCheckpoint } from '../../../ledger/index.ts';
import { auditError } from '../audit-error.ts';
import { check } from '../check.ts';
import type { Found } from '../ports.ts';

const BATCH = 2_000;
type Code = 'ENTRY_MISSING' | 'ENTRY_CHANGED' | 'ENTRY_COLUMNS' | 'ROOT_WRONG';

/** The tree is built again from the entries of the catalog, and compared with the signed one. */
export const ledgerTree = check<Code>({
  title: {
    zh: '账本：由条目重算的树与签名检查点',
    en: 'Ledger: the tree of its entries, and the signed checkpoint',
  },
  retest: {
    zh: '由全部条目重新计算 Merkle 树根，与签名检查点比对。',
    en: 'The Merkle root is computed again from all entries and compared with the signed checkpoint.',
  },
  codes: {
    ENTRY_MISSING: {
      severity: 'critical',
      wrong: { zh: '目录库缺少账本条目', en: 'The catalog lacks an entry of the ledger' },
      fix: {
        zh: '以站点上的账本为准重建目录库（docs/operations.md）。',
        en: 'Rebuild the catalog’s ledger from a site (docs/operations.md).',
      },
    },
    ENTRY_CHANGED: {
      severity: 'critical',
      wrong: { zh: '账本条目不是当初记入的内容', en: 'An entry is not what was logged' },
      fix: {
        zh: '查明谁改动了数据库；以站点上的账本为准恢复。',
        en: 'Find out who changed the database; restore it from a site’s log.',
      },
    },
    ENTRY_COLUMNS: {
      severity: 'critical',
      wrong: {
        zh: '条目的检索列与其签名内容不符',
        en: 'An entry’s columns do not say what its signed bytes say',
      },
      fix: {
        zh: '查明谁改动了数据库；由签名内容重建检索列。',
        en: 'Find out who changed the database; make the columns again from the bytes.',
      },
    },
    ROOT_WRONG: {
      severity: 'critical',
      wrong: {
        zh: '由条目算得的树根不是签名的树根',
        en: 'The entries do not give the signed root',
      },
      fix: {
        zh: '与各站点及见证方比对，找出被改动的条目，以站点为准恢复。',
        en: 'Compare with the sites and the witnesses, find what was changed, and restore it from a site.',
      },
    },
  },
  async run({ db, log, signal }) {
    await assertAllBack(db);
    const state = await latestCheckpoint(db);
    if (state === undefined) throw auditError('AUDIT_PRECONDITION', 'there is no checkpoint');
    const { size, root } = openCheckpoint(state.checkpoint, log().verifierKey);
    const { tree, findings } = await build(db, size, signal);
    const whole = findings.every(({ code }) => code === 'ENTRY_COLUMNS');
    if (whole && !tree.root().equals(root)) {
      findings.push({
        code: 'ROOT_WRONG',
        subject: { kind: 'archive', id: 'ledger' },
        detail: { size },
      });
    }
    return { looked: size, findings };
  },
});

async function build(db: Db, size: number, signal: AbortSignal) {
  const tree = new GrowingTree();
  const findings: Found<Code>[] = [];
  const stored = await storedLeaves(db);
  for (let from = 0; from < size; from += BATCH) {
    signal.throwIfAborted();
    const rows = await db
      .selectFrom('ledger_entry')
      .select(['index', 'bytes', 'actor_id', 'actor_role', 'action', 'resource', 'outcome'])
      .where('index', '>=', String(from))
      .where('index', '<', String(Math.min(size, from + BATCH)))
      .orderBy('index')
      .execute();
    const known = new Map(rows.map((row) => [Number(row.index), row]));
    for (let index = from; index < Math.min(size, from + BATCH); index += 1) {
      const row = known.get(index);
      const subject = { kind: 'entry' as const, id: String(index) };
      if (row === undefined) {
        findings.push({ code: 'ENTRY_MISSING', subject });
        continue;
      }
      const leaf = hashLeaf(row.bytes);
      tree.append([leaf]);
      const signed = await stored(index);
      if (signed !== undefined && !signed.equals(leaf))
        findings.push({ code: 'ENTRY_CHANGED', subject });
      else if (!saysTheSame(row)) findings.push({ code: 'ENTRY_COLUMNS', subject });
    }
  }
  return { tree, findings };
}

/** Leaf hashes as the catalog's tiles have them: which entry it is, the root alone cannot say. */
async function storedLeaves(db: Db): Promise<(index: number) => Promise<Buffer | undefined>> {
  let at = -1;
  let hashes: Buffer = Buffer.alloc(0);
  return async (index) => {
    const tile = Math.floor(index / 256);
    if (tile !== at) {
      const row = await db
        .selectFrom('ledger_tile')
        .select('hashes')
        .where('level', '=', 0)
        .where('index', '=', String(tile))
        .executeTakeFirst();
      at = tile;
      hashes = row?.hashes ?? Buffer.alloc(0);
    }
    const from = (index % 256) * 32;
    return hashes.length < from + 32 ? undefined : hashes.subarray(from, from + 32);
  };
}

function saysTheSame(row: {
  bytes: Buffer;
  actor_id: string;
  actor_role: string;
  action: string;
  resource: string | null;
  outcome: string;
}): boolean {
  const entry = decodeEntry(row.bytes);
  return (
    entry.actor.id === row.actor_id &&
    entry.actor.role === row.actor_role &&
    entry.action === row.action &&
    (entry.resource ?? null) === row.resource &&
    entry.outcome === row.outcome
  );
}
