import { buildInclusionProof, nodesOfTiles } from '../log/build-proof.ts';
import { canonicalJson } from '../log/canonical-json.ts';
import { signCheckpoint } from '../log/checkpoint.ts';
import { GrowingTree } from '../log/growing-tree.ts';
import { noteSigner } from '../log/signed-note.ts';
import { hashLeaf } from '../log/tree-hash.ts';
import {
  type CertificateStatement,
  type DisposalCertificate,
  type DisposalFacts,
  disposalDigest,
} from './certificate.ts';

export const ARCHIVE_ID = '0198a1b2-0000-7000-8000-000000000001';
export const RUN_ID = '0198a1b2-0000-7000-8000-0000000000aa';
export const LOG = noteSigner(`voxkeep/${ARCHIVE_ID}`, Buffer.alloc(32, 1));
export const recordId = (n: number) => `0198a1b2-0000-7000-8000-${String(n).padStart(12, '0')}`;

const timeOf = (seq: number) => new Date(Date.UTC(2026, 10, 28, 0, 0, seq)).toISOString();

/** A log in memory with what a disposal leaves in it. */
export class CertificateScene {
  readonly entries: Record<string, unknown>[] = [];
  signer = LOG;

  /** Appends an act that went well; gives its index and its time. */
  act(
    action: string,
    resource: string,
    more: { detail?: object; actor?: { id: string; role: string }; outcome?: string } = {},
  ): { entry: number; at: string } {
    const seq = this.entries.length;
    const at = timeOf(seq);
    const { detail, actor = { id: 'archive', role: 'system' }, outcome = 'ok' } = more;
    const entry = { v: 1, seq, time: at, at, actor, action, resource, outcome };
    this.entries.push(detail === undefined ? entry : { ...entry, detail });
    return { entry: seq, at };
  }

  /** The certificate of a statement: committed to, and proven with these entries beside. */
  async certify(statement: CertificateStatement, carried: number[]): Promise<DisposalCertificate> {
    const subject = statement.of === 'run' ? statement.run.id : statement.records[0]?.recordId;
    const detail = { digest: disposalDigest(statement) };
    const { entry: certified } = this.act('disposal.certify', subject ?? '', { detail });
    for (let more = 0; more < 5; more += 1) this.act('record.search', `query-${more}`);
    const logged = this.entries.map((entry) => canonicalJson(entry));
    const tree = new GrowingTree();
    const [tile] = tree.append(logged.map((entry) => hashLeaf(Buffer.from(entry))));
    const nodes = nodesOfTiles(async () => tile?.hashes ?? Buffer.alloc(0));
    const indices = [...new Set([...carried, certified])].sort((a, b) => a - b);
    const entries = [];
    for (const index of indices) {
      const hashes = await buildInclusionProof(index, logged.length, nodes);
      const path = hashes.map((hash) => hash.toString('base64'));
      entries.push({ index, entry: logged[index] ?? '', hashes: path });
    }
    const checkpoint = signCheckpoint(this.signer, logged.length, tree.root());
    return {
      format: 'voxkeep/disposal-certificate/v1',
      statement,
      ledger: { verifierKey: this.signer.vkey, checkpoint, certified, entries },
    };
  }
}

export function factsOf(id: string): DisposalFacts {
  const object = (n: number, purpose: string) => ({
    ...{ id: recordId(900 + n), purpose, pool: 'core', version: 1, sha256: 'ab'.repeat(32) },
    copies: [{ site: 'hq' }, { site: 'cloud', lockedUntil: '2031-01-01T00:00:00.000Z' }],
  });
  return {
    ...{ format: 'voxkeep/disposal/v1', recordId: id, runId: RUN_ID, how: 'delete' },
    ...{ disposedAt: '2026-11-28T00:00:00.000Z', ground: 'policy', rule: 'finance-disputes' },
    ...{ clause: '银行业 第十条', keepUntil: '2026-11-01', epoch: '2026' },
    objects: [object(1, 'redacted'), object(2, 'redacted-transcript'), object(3, 'manifest')],
  };
}

/** A run of two records that everything is done of: approved, exported before, and beyond old copies. */
export async function runCertificate(): Promise<DisposalCertificate> {
  const scene = new CertificateScene();
  const auditor = { id: 'u-auditor', role: 'auditor' };
  const approvers = [1, 2].map((n) => ({ id: `u-approver-${n}`, role: 'approver' }));
  const ids = [recordId(1), recordId(2)];
  const exported = scene.act('record.export', recordId(1), { actor: auditor });
  const approved = approvers.map((actor) => ({
    ...scene.act('disposal.approve', RUN_ID, { actor }),
    ...{ account: actor.id, role: actor.role, keyId: `key-of-${actor.id}` },
  }));
  const disposed = ids.map((id) => {
    const [facts, digest] = [factsOf(id), disposalDigest(factsOf(id))];
    return { id, facts, digest, ...scene.act('record.dispose', id, { detail: { digest } }) };
  });
  const lockedUntil = '2031-01-01T00:00:00.000Z';
  const ended = disposed.map((one) => ({
    ...one,
    gone: scene.act('record.unreadable', one.id, { detail: { digest: one.digest, lockedUntil } }),
  }));
  const epoch = scene.act('key.epoch_gone', '2026', { detail: { epoch: '2026' } });
  const statement: CertificateStatement = {
    ...{ archiveId: ARCHIVE_ID, log: LOG.name, of: 'run', count: 2 },
    run: {
      ...{ id: RUN_ID, kind: 'due', asOf: '2026-11-28', proposedBy: 'archive' },
      approvals: approved,
    },
    records: ended.map(({ id, facts, digest, entry, gone }) => ({
      ...{ recordId: id, facts, digest, lockedUntil },
      sites: [
        { site: 'cloud', envelopesGoneAt: gone.at, lockedUntil },
        { site: 'hq', envelopesGoneAt: gone.at },
      ],
      ...{ unreadableAt: gone.at, beyondOldCopiesFrom: epoch.at },
      received:
        id === recordId(1)
          ? [{ ...exported, account: auditor.id, role: auditor.role, act: 'export' as const }]
          : [],
      entries: { disposed: entry, unreadable: gone.entry, epochGone: epoch.entry },
    })),
  };
  const carried = scene.entries.map((_, index) => index);
  return scene.certify(statement, carried);
}
