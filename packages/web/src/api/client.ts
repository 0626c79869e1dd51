import type { Problem } from '@voxkeep/contract';
import i18next from 'i18next';
import { codeWords } from '../i18n/label-of.ts';

export const API = '/api/v1';

/** An answer that says no, as RFC 9457 problem details; `network` when no answer came. */
export class ApiProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem, cause?: unknown) {
    super(problem.detail, { cause });
    this.name = 'ApiProblem';
    this.problem = problem;
  }
}

type QueryValue = string | number | boolean | readonly string[] | undefined;

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: Record<string, QueryValue>;
  body?: unknown;
  signal?: AbortSignal;
}

/** Asks the archive and returns its JSON. Rejects with `ApiProblem` only. */
export async function ask<T>(path: string, call: Call = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(addressOf(path, call.query), {
      method: call.method ?? 'GET',
      headers: headersOf(call.body !== undefined),
      credentials: 'same-origin',
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
    });
  } catch (cause) {
    if (call.signal?.aborted) throw cause;
    throw networkProblem(cause);
  }
  const text = await response.text();
  if (!response.ok) throw new ApiProblem(readProblem(text, response.status));
  if (text === '') return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new ApiProblem(unreadable(response.status), cause);
  }
}

export function headersOf(json: boolean): Record<string, string> {
  return {
    'x-voxkeep-csrf': '1',
    'accept-language': i18next.language ?? 'zh-CN',
    ...(json ? { 'content-type': 'application/json' } : {}),
  };
}

export function addressOf(path: string, query: Record<string, QueryValue> = {}): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue;
    if (typeof value === 'object') for (const one of value) pairs.append(name, one);
    else pairs.append(name, String(value));
  }
  const tail = pairs.toString();
  return `${API}${path}${tail === '' ? '' : `?${tail}`}`;
}

export function readProblem(text: string, status: number): Problem {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && 'code' in body) return body as Problem;
  } catch {
    // A proxy's HTML page, for example: told apart below.
  }
  return unreadable(status);
}

export function networkProblem(cause: unknown): ApiProblem {
  const detail = i18next.t('problem.network');
  return new ApiProblem(
    { type: 'about:blank', title: detail, status: 0, detail, code: 'network', requestId: '' },
    cause,
  );
}

/** What this browser itself found, in the words of its code. */
export function localProblem(code: string, cause?: unknown): ApiProblem {
  const detail = codeWords(code) ?? code;
  return new ApiProblem(
    { type: 'about:blank', title: detail, status: 0, detail, code, requestId: '' },
    cause,
  );
}

function unreadable(status: number): Problem {
  const detail = i18next.t('problem.unexpected');
  return { type: 'about:blank', title: detail, status, detail, code: 'unreadable', requestId: '' };
}
