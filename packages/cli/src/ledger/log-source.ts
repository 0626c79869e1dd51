import { LogError, type LogFiles } from '@voxkeep/proof';
import type { Connection } from '../connection.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { folderFiles } from './folder-files.ts';

/** Where a log is read from: its files, and the key that they have to be signed by. */
export interface LogSource {
  files: LogFiles;
  vkey: string;
}

/** A site's folder; its key has to come from elsewhere. Rejects with SITE_MISSING, KEY_MISSING. */
export async function siteSource(folder: string, key: string | undefined): Promise<LogSource> {
  if (key === undefined) {
    const message = "give the log's verifier key with --key";
    throw new CommandError('KEY_MISSING', message, EXIT.usage);
  }
  const { read } = await folderFiles(folder);
  return { files: read, vkey: key };
}

/** An archive's own door, as whoever the connection is for; the key is asked for when not given. */
export async function archiveSource(
  connection: Connection,
  key: string | undefined,
): Promise<LogSource> {
  const files: LogFiles = async (path) => {
    try {
      return (await connection.send('GET', `/ledger/${path}`, { base: '' })).body;
    } catch (error) {
      if (error instanceof CommandError && error.exitCode === EXIT.notFound) return undefined;
      throw error;
    }
  };
  if (key !== undefined) return { files, vkey: key };
  const { verifierKey } = await connection.json<{ verifierKey: string }>('GET', '/ledger/state');
  return { files, vkey: verifierKey };
}

/** Words and exit code for what a log's own check says. */
export function unproven(error: unknown, where: string): unknown {
  if (!(error instanceof LogError)) return error;
  const exitCode = error.code === 'LOG_KEY_BAD' ? EXIT.usage : EXIT.unproven;
  return new CommandError(error.code, `${where}: ${error.message}`, exitCode);
}
