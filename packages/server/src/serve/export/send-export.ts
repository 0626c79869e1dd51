import type { Readable } from 'node:stream';
import type { Viewer } from '../../access/index.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { RecordId } from '../../core/ids.ts';
import { servedCheckpoint } from '../../ledger/index.ts';
import type { Pass } from '../../record/vault.ts';
import type { ServeDeps } from '../ports.ts';
import { LEFT_OUT } from './export-manifest.ts';
import { type Checkpoint, type PackedRecord, packRecord } from './pack-record.ts';
import { readmeOf } from './readme.ts';
import { ZipPackage } from './zip-package.ts';

export const EXPORT_FORMAT = 'voxkeep/export/v1';

/** Who exports, and by which right. */
export interface ExportRight {
  viewer: Viewer;
  under: { kind: 'grant' | 'mandate'; id: string };
  purpose: string;
  requestId: string;
}

/** A record that may leave now; asked for when its turn comes, which writes it into the ledger. */
export type Admit = (id: string) => Promise<{
  id: RecordId;
  pass: Pass;
  screenshots: boolean;
}>;

/**
 * The package of these records as a ZIP that begins at once and is made while it leaves. Each record
 * is admitted when its turn comes; a refusal, or a right that ends, breaks the package off. Rejects
 * with LEDGER_UNAVAILABLE while there is no checkpoint to prove entries by.
 */
export async function sendExport(
  deps: Pick<ServeDeps, 'db' | 'vault' | 'renderVtt' | 'clock' | 'archiveName' | 'ledger'>,
  right: ExportRight,
  ids: readonly string[],
  admit: Admit,
): Promise<Readable> {
  const tree = await servedCheckpoint(deps.db);
  if (tree === undefined) {
    throw new ArchiveError('LEDGER_UNAVAILABLE', 'no checkpoint is there to prove entries by', {
      retry: 'later',
    });
  }
  const pack = new ZipPackage(deps.clock.now());
  fill(deps, pack, { right, ids, admit, tree }).catch((error: Error) => pack.fail(error));
  return pack.output;
}

async function fill(
  deps: Parameters<typeof sendExport>[0],
  pack: ZipPackage,
  work: { right: ExportRight; ids: readonly string[]; admit: Admit; tree: Checkpoint },
): Promise<void> {
  const { right, ids, admit, tree } = work;
  const { viewer, under, purpose, requestId } = right;
  const { origin, verifierKey } = deps.ledger.log();
  const { archiveName } = deps;
  await pack.add('README.txt', readmeOf({ archiveName, origin, verifierKey, count: ids.length }));
  await pack.add('ledger/checkpoint', tree.checkpoint);
  const records: PackedRecord[] = [];
  for (const id of ids) records.push(await packRecord(deps, pack, await admit(id), tree));
  const index = {
    ...{ format: EXPORT_FORMAT, archiveName, exportedAt: deps.clock.now().toISOString() },
    by: { id: viewer.actorId, role: viewer.role, name: viewer.displayName },
    ...{ under, purpose, requestId },
    ledger: { origin, verifierKey, checkpoint: 'ledger/checkpoint', size: tree.size },
    leftOut: LEFT_OUT,
    records,
  };
  await pack.add('index.json', `${JSON.stringify(index, undefined, 1)}\n`);
  await pack.finish();
}
