import { basename, extname } from 'node:path';
import type { IntakeReceipt } from '@voxkeep/contract';
import { CommandError, EXIT } from '../exit-codes.ts';
import { callBody } from './call-body.ts';
import { type CallFiles, findCalls, type LoneFile } from './find-calls.ts';
import { IngestProgress } from './ingest-progress.ts';
import { markFiles } from './remove-files.ts';
import { Settling } from './settling.ts';

const POLL_MS = 500;
/** Asked about in one round: the archive allows 3000 requests a minute. */
const ASKED = 10;

/** What of the connection a command needs. */
export interface Sender {
  useService(): void;
  json<T>(method: string, path: string, more?: object): Promise<T>;
}

export interface IngestLine {
  name: string;
  id?: string;
  state?: string;
  created?: boolean;
  /** False: the record was made with other metadata, transcript or screenshots than lie here. */
  sameDetails?: boolean;
  /** With --remove: whether the files are gone. */
  removed?: boolean;
  error?: string;
  message?: string;
}

export interface IngestResult {
  lines: IngestLine[];
  /** Why not all calls were sent, or waited for. */
  stopped?: { error: string; message: string };
  exitCode: number;
}

/**
 * Sends every call at the paths; with `wait` until each is archived or in quarantine; with `remove`
 * the files of an archived call are unlinked, unless they changed. One that is refused does not stop
 * the others. Sending again is safe: the archive knows what it has.
 */
export async function ingest(
  connection: Sender,
  paths: string[],
  options: { progress: boolean; wait: boolean; remove: boolean; signal: AbortSignal },
): Promise<IngestResult> {
  const { calls, lone } = await findCalls(paths);
  if (calls.length === 0 && lone.length === 0) {
    throw new CommandError('NOTHING_FOUND', `no calls at ${paths.join(', ')}`, EXIT.usage);
  }
  connection.useService();
  const waits = options.wait || options.remove;
  const progress = new IngestProgress(calls.length, { shown: options.progress, wait: waits });
  const lines: IngestLine[] = lone.map(loneLine);
  const settling = new Settling(connection, options);
  const show = () => progress.update(lines.flatMap(({ state }) => state ?? []));
  let stopped: IngestResult['stopped'];
  try {
    for (const call of calls) {
      if (options.signal.aborted) break;
      const before = await markFiles(call);
      const line = await sendCall(connection, call);
      lines.push(line);
      settling.add(line, before);
      show();
      // Earlier ones may be done by now; their files need not wait for the last to be sent.
      if (waits) await settling.ask(1);
    }
    while (waits && settling.left > 0 && !options.signal.aborted) {
      await settling.ask(ASKED);
      show();
      if (settling.left > 0) await new Promise((done) => setTimeout(done, POLL_MS));
    }
    if (options.signal.aborted) stopped = { error: 'INTERRUPTED', message: 'interrupted' };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    stopped = { error: error.code, message: error.message };
    if (error.exitCode !== EXIT.unreachable && lines.length === 0) throw error;
    return { lines, stopped, exitCode: error.exitCode };
  } finally {
    progress.stop();
  }
  return { lines, ...(stopped ? { stopped } : {}), exitCode: exitCode(lines, stopped, options) };
}

/** A connection may break; to send once more is safe, and says whether the archive is there. */
async function postCall(connection: Sender, call: CallFiles): Promise<IntakeReceipt> {
  const post = async () => {
    const { path, ...body } = await callBody(call);
    return connection.json<IntakeReceipt>('POST', path, body);
  };
  try {
    return await post();
  } catch (error) {
    if (!(error instanceof CommandError) || error.code !== 'UNREACHABLE') throw error;
    return post();
  }
}

async function sendCall(connection: Sender, call: CallFiles): Promise<IngestLine> {
  try {
    const receipt = await postCall(connection, call);
    const { id, state, created, sameDetails } = receipt;
    const details = sameDetails === undefined ? {} : { sameDetails };
    return { name: call.name, id, state, created, ...details };
  } catch (error) {
    const refused = error instanceof CommandError && error.exitCode === EXIT.invalid;
    const gone = error instanceof CommandError && error.code === 'RECORD_DISPOSED';
    if (!refused && !gone) throw error;
    return { name: call.name, error: error.code, message: error.message };
  }
}

function exitCode(
  lines: IngestLine[],
  stopped: IngestResult['stopped'],
  options: { remove: boolean },
): number {
  const refused = lines.filter((line) => line.id === undefined).length;
  const held = lines.some((line) => line.state === 'quarantined');
  const kept = options.remove && lines.some((line) => line.removed === false);
  if (stopped !== undefined || held || kept) return EXIT.partial;
  if (refused === 0) return EXIT.ok;
  return refused === lines.length ? EXIT.invalid : EXIT.partial;
}

function loneLine({ path, missing }: LoneFile): IngestLine {
  const name = basename(path);
  if (missing === 'metadata') {
    const message = `no ${basename(path, extname(path))}.json beside it`;
    return { name, error: 'METADATA_MISSING', message };
  }
  return { name, error: 'MEDIA_AMBIGUOUS', message: 'another media file has the same name' };
}

/** A line of the answer as people read it. */
export function ingestText(line: IngestLine): string {
  if (line.id === undefined) return `${line.name}  refused: ${line.error} ${line.message}`;
  const state = line.created === true ? line.state : `known, ${line.state}`;
  const reason = line.error === undefined ? '' : ` (${line.error}: ${line.message})`;
  const differ = line.sameDetails === false ? '; its details here are others, not taken' : '';
  const removed = line.removed === undefined ? '' : line.removed ? '  removed' : '  NOT removed';
  return `${line.name}  ${line.id}  ${state}${reason}${differ}${removed}`;
}
