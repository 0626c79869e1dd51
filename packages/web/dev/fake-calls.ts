import type { IncomingMessage, ServerResponse } from 'node:http';
import { type RecordState, TICKET_MS } from '@voxkeep/contract';
import { bodyOf, json, problem } from './fake-answers.ts';
import { TRAIL } from './fake-operations.ts';
import { hitOf, idOf, numberOf, recordOf, transcriptOf } from './fake-records.ts';
import { peaksOf, soundOf } from './fake-sound.ts';

const intakes = new Map<string, number>();

/** One call of the stand-in archive: page, sound, state. */
export function record(
  request: IncomingMessage,
  response: ServerResponse,
  id: string,
  part?: string,
): void {
  const n = numberOf(id);
  if (n === undefined) return problem(response, 404, 'RECORD_UNKNOWN', '没有这通电话');
  if (n % 23 === 7) {
    return problem(response, 403, 'FORBIDDEN', '该通话已指派给其他危机处理小组', {
      ...{ rule: 'crisis.assigned-only', askWhom: 'crisis' },
    });
  }
  if (part === 'status')
    return json(response, { id, state: stateOfIntake(id), receivedAt: new Date().toISOString() });
  if (part === 'transcript') return json(response, transcriptOf(n));
  if (part === 'trail') return json(response, TRAIL);
  const durationMs = hitOf(n).durationS * 1000;
  if (part === 'peaks') return json(response, peaksOf(soundOf(transcriptOf(n), durationMs)));
  if (part === 'ticket') {
    const expiresAt = new Date(Date.now() + TICKET_MS).toISOString();
    return json(response, { ticket: 'fake', expiresAt });
  }
  if (part === 'media') return media(request, response, soundOf(transcriptOf(n), durationMs));
  json(response, recordOf(n, id));
}

function media(request: IncomingMessage, response: ServerResponse, wav: Buffer): void {
  const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
  const start = Number(from);
  const end = to === '' ? wav.length - 1 : Number(to);
  response.writeHead(request.headers.range === undefined ? 200 : 206, {
    ...{ 'content-type': 'audio/wav', 'accept-ranges': 'bytes' },
    ...{
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${wav.length}`,
    },
  });
  response.end(wav.subarray(start, end + 1));
}

/** Takes any call; its state goes on by the second. */
export async function intake(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const id = idOf(0);
  intakes.set(id, Date.now());
  const receivedAt = new Date().toISOString();
  json(
    response,
    { id, state: 'received', created: true, receivedAt, mediaBytes: body.length },
    201,
  );
}

function stateOfIntake(id: string): RecordState {
  const way: RecordState[] = [
    'received',
    'probed',
    'transcribed',
    'redacted',
    'classified',
    'sealed',
  ];
  return way[Math.floor((Date.now() - (intakes.get(id) ?? 0)) / 1000)] ?? 'archived';
}
