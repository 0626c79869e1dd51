import { openStream, SealedError, sealStream } from '@voxkeep/proof';
import { type JournalSeal, journalError } from './ports.ts';

/**
 * AES256_GCM_HKDF streaming under the archive's journal key (32 bytes); every object has a salt, and
 * so a key, of its own. Bound to archive and name: an object in another's place does not open.
 */
export function journalSeal(key: Buffer, archiveId: string): JournalSeal {
  const associated = (name: string) => Buffer.from(`voxkeep/journal/v1\0${archiveId}\0${name}`);
  return {
    seal: (name, plain) => sealStream(key, associated(name))(plain),
    async *open(name, sealed) {
      try {
        yield* openStream(key, associated(name))(sealed);
      } catch (cause) {
        if (!(cause instanceof SealedError)) throw cause;
        throw journalError('JOURNAL_DAMAGED', `${name} does not open`, { cause });
      }
    },
  };
}
