import type { IncomingMessage, ServerResponse } from 'node:http';

/** How the stand-in archive is asked and answers. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(value === undefined ? '' : JSON.stringify(value));
}

export function problem(
  response: ServerResponse,
  status: number,
  code: string,
  detail: string,
  more = {},
): void {
  json(
    response,
    { type: 'about:blank', title: code, status, detail, code, requestId: 'req-7f3a', ...more },
    status,
  );
}

/** What a room answers that does not write by itself. */
export interface Answer {
  status: number;
  value?: unknown;
  problem?: string;
}

export const ok = (value: unknown, status = 200): Answer => ({ status, value });
