import { setTimeout as wait } from 'node:timers/promises';
import type { KeysView } from '@voxkeep/contract';
import type { Seeded } from '../access/random.ts';
import { uploadOf } from '../calls.ts';
import { shortCall } from '../recovery/short-calls.ts';
import { type Books, hear, type Said, type SentCall } from './books.ts';
import type { Scene } from './scene.ts';

const TRY_AGAIN_MS = 200;
const LONGEST_MS = 60_000;
const MINUTE_MS = 60_000;
const SEARCH = '/records?agent=001&limit=5';

/** What people and programs do with the archive while it fails; what it answers is kept in the books. */
export class Acts {
  readonly #scene: Scene;
  readonly #books: Books;
  readonly #random: Seeded;
  #made = 0;

  constructor(scene: Scene, books: Books, random: Seeded) {
    this.#scene = scene;
    this.#books = books;
    this.#random = random;
  }

  /** The next one; one after the other goes into another pool. */
  newCall(): SentCall {
    this.#made += 1;
    const { sourceCallId, ...call } = shortCall(this.#made);
    const startedAt = new Date(this.#scene.now().getTime() - MINUTE_MS).toISOString();
    const metadata = { ...call.metadata, startedAt };
    return { sourceCallId, ...uploadOf({ ...call, metadata }) };
  }

  /** Sends a call once. */
  async send(call: SentCall, problems: string[]): Promise<Said> {
    const { body, contentType } = call;
    const said = await hear(this.#scene.ask('service', 'POST', '/records', body, contentType));
    if (said.answer !== undefined && (said.status === 201 || said.status === 200)) {
      problems.push(...this.#books.noteCall(call, said));
    } else problems.push(...judgeRefusal('a call', said));
    return said;
  }

  /** Sends it until it is taken: the sender's part. */
  async sendUntilTaken(call: SentCall, problems: string[]): Promise<string> {
    return this.#untilDone('a call is not taken', problems, async () => {
      const { status, code } = await this.send(call, problems);
      return status === 200 || status === 201 ? undefined : `${status} ${code}`;
    }).then(() => this.#books.calls.get(call.sourceCallId)?.recordId ?? '');
  }

  /** Signs in, searches, opens a record and hears it; resolves to the first refusal, if any. */
  async read(problems: string[]): Promise<string | undefined> {
    const scene = this.#scene;
    const account = scene.archive.accounts.accounts.find(({ username }) => username === 'qa');
    const { username, password } = account ?? {};
    const signIn = Buffer.from(JSON.stringify({ username, password }));
    const id = await this.#archived();
    const steps: [string, () => ReturnType<Scene['ask']>][] = [
      [
        'session.sign_in',
        () => scene.ask('service', 'POST', '/session', signIn, 'application/json'),
      ],
      ['record.search', () => scene.ask('qa', 'GET', SEARCH)],
      ['record.view', () => scene.ask('qa', 'GET', `/records/${id}`)],
      ['record.transcript', () => scene.ask('qa', 'GET', `/records/${id}/transcript`)],
    ];
    for (const [action, step] of steps) {
      const said = await hear(step());
      if (said.answer === undefined || said.status !== 200) {
        problems.push(...judgeRefusal(action, said));
        return `${action}: ${said.status} ${said.code}`;
      }
      this.#books.noteAct(action, said.answer);
    }
    const ticket = await hear(scene.ask('qa', 'POST', `/records/${id}/ticket`));
    const { ticket: text = '' } = JSON.parse(ticket.answer?.body.toString() ?? '{}') as {
      ticket?: string;
    };
    const media = await hear(scene.ask('qa', 'GET', `/records/${id}/media?ticket=${text}`));
    if (media.status === 200) return undefined;
    problems.push(...judgeRefusal('media', ticket.status === 200 ? media : ticket));
    return `media: ${media.status} ${media.code}`;
  }

  /** Its way to the end, which nobody helps it on. */
  async untilArchived(recordId: string, problems: string[]): Promise<void> {
    const began = Date.now();
    for (;;) {
      const state = await this.stateOf(recordId);
      if (state === 'archived') return;
      if (Date.now() - began > LONGEST_MS || state === 'quarantined') {
        problems.push(`record ${recordId} is ${state} and not archived`);
        return;
      }
      await wait(20);
    }
  }

  /** Asks for a new epoch of content keys; one that goes on already is as good. */
  async beginEpoch(problems: string[]): Promise<void> {
    const body = Buffer.from('{"pool":"content"}');
    const said = await hear(
      this.#scene.ask('operator', 'POST', '/keys/rotate', body, 'application/json'),
    );
    if (said.answer !== undefined && said.status === 202) {
      this.#books.noteAct('key.rotate', said.answer);
    } else if (said.code !== 'ROTATION_RUNNING') problems.push(...judgeRefusal('an epoch', said));
  }

  /** Whether every envelope is in the current epoch. */
  isRewrapped = async (): Promise<boolean> => (await this.#rewrapLeft()) === undefined;

  async untilRewrapped(problems: string[]): Promise<void> {
    await this.#untilDone('envelopes are not brought over', problems, () => this.#rewrapLeft());
  }

  /** How far it is; undefined when every envelope is in the current epoch. */
  async #rewrapLeft(): Promise<string | undefined> {
    const said = await hear(this.#scene.ask('operator', 'GET', '/keys'));
    if (said.answer === undefined || said.status !== 200) return 'nobody tells';
    const { due, rewrap } = JSON.parse(said.answer.body.toString()) as KeysView;
    const { endedAt, seen = 0, of = 0 } = rewrap ?? { endedAt: '' };
    if (!due.includes('rewrap') && endedAt !== undefined) return undefined;
    return `${seen} of ${of} were seen`;
  }

  async readUntilDone(problems: string[]): Promise<void> {
    await this.#untilDone('reading is refused', problems, () => this.read(problems));
  }

  /** The state of a record as the catalog has it. */
  async stateOf(recordId: string): Promise<string> {
    const [row] = await this.#scene.rows<{ state: string }>(
      'select state from record where id = $1',
      [recordId],
    );
    return row?.state ?? 'unknown';
  }

  async #archived(): Promise<string> {
    const rows = await this.#scene.rows<{ id: string }>(
      "select id from record where state = 'archived' order by id desc limit 20",
    );
    return this.#random.pick(rows).id;
  }

  async #untilDone(
    what: string,
    problems: string[],
    work: () => Promise<string | undefined>,
  ): Promise<void> {
    const began = Date.now();
    for (;;) {
      const refusal = await work();
      if (refusal === undefined) return;
      if (Date.now() - began > LONGEST_MS || !this.#scene.archive.runs) {
        problems.push(`${what} for ${Math.round((Date.now() - began) / 1000)} s: ${refusal}`);
        return;
      }
      await wait(TRY_AGAIN_MS);
    }
  }
}

/** A failing disk is nobody's mistake and nothing unforeseen: 503, and which part does not work. */
export function judgeRefusal(what: string, { status, code }: Said): string[] {
  if (status === 0 || status === 503) return [];
  return [`${what} was answered with ${status} ${code}`];
}
