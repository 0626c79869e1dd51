import type { Answer } from '../test-archive.ts';

/** A call, its upload ready to be sent again and again. */
export interface SentCall {
  sourceCallId: string;
  body: Buffer;
  contentType: string;
}

/** What the archive said, or that it said nothing because it was ended. */
export type Said =
  | { answer: Answer; status: number; code: string; atMs: number }
  | { answer: undefined; status: 0; code: string; atMs: number };

/** Resolves to what it said; a connection that breaks is an answer that did not come. */
export async function hear(asked: Promise<Answer>): Promise<Said> {
  try {
    const answer = await asked;
    const atMs = Date.now();
    return { answer, status: answer.status, code: codeOf(answer), atMs };
  } catch (error) {
    const { code } = error as { code?: string };
    const silent = { answer: undefined, status: 0 as const, atMs: Date.now() };
    if (code === undefined && !/sign-in of \w+: 503/.test((error as Error).message)) throw error;
    return { ...silent, code: code ?? 'sign-in: 503' };
  }
}

function codeOf({ status, body }: Answer): string {
  if (status < 400) return '';
  try {
    return String((JSON.parse(body.toString()) as { code?: unknown }).code);
  } catch {
    return 'no problem document';
  }
}

/** Kept outside the archive: what it has acknowledged, and may never lose. */
export class Books {
  /** By source call id. */
  readonly calls = new Map<string, { call: SentCall; recordId: string }>();
  /** Acts that were answered, which the ledger has once each, by the id of their request. */
  readonly acts = new Map<string, string>();

  /** Notes the receipt; says what is wrong with it. */
  noteCall(call: SentCall, { answer }: { answer: Answer }): string[] {
    const { id } = JSON.parse(answer.body.toString()) as { id: string };
    const known = this.calls.get(call.sourceCallId);
    if (answer.status === 201) this.noteAct('record.intake', answer);
    if (known === undefined) {
      this.calls.set(call.sourceCallId, { call, recordId: id });
      return [];
    }
    if (known.recordId !== id) return [`a call was record ${known.recordId} and is ${id} now`];
    return answer.status === 201 ? [`record ${id} was taken twice`] : [];
  }

  noteAct(action: string, { headers }: Answer): void {
    this.acts.set(String(headers['x-request-id']), action);
  }

  get recordIds(): string[] {
    return [...this.calls.values()].map(({ recordId }) => recordId);
  }
}
