import {
  type Checkpoint,
  isEarlierName,
  LogError,
  type NoteSigner,
  noteSigner,
  openCheckpoint,
  originIn,
} from '@voxkeep/proof';
import { ledgerError } from './ledger-error.ts';

/** What an archive signs its logs with: one key, under its first name and those of successors. */
export interface LogKey {
  /** Name of the archive's first log. */
  origin: string;
  /** The Ed25519 seed (RFC 8032), 32 bytes. */
  signingKey: Uint8Array;
}

/** Signs as the log of that name. Throws LEDGER_STORE_FOREIGN for one that is not this archive's. */
export function signerNamed(log: LogKey, name: string, where = 'the catalog'): NoteSigner {
  if (name === log.origin || isEarlierName(log.origin, name)) {
    return noteSigner(name, log.signingKey);
  }
  throw foreign(where);
}

/** Opens a checkpoint that this archive signed, under whichever name. Throws LEDGER_STORE_FOREIGN. */
export function openOwn(
  note: string | Uint8Array,
  log: LogKey,
  where = 'the catalog',
): { checkpoint: Checkpoint; signer: NoteSigner } {
  const text = typeof note === 'string' ? note : Buffer.from(note).toString('utf8');
  try {
    const signer = signerNamed(log, originIn(text), where);
    return { checkpoint: openCheckpoint(note, signer.vkey), signer };
  } catch (cause) {
    if (!(cause instanceof LogError)) throw cause;
    throw foreign(where, cause);
  }
}

function foreign(where: string, cause?: unknown) {
  const message = `the checkpoint at ${where} is not signed by this archive's key`;
  return ledgerError('LEDGER_STORE_FOREIGN', message, { cause });
}
