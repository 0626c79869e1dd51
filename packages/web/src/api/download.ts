import { ApiProblem, addressOf, headersOf, networkProblem, readProblem } from './client.ts';

interface Download {
  /** With it, a POST. */
  body?: unknown;
  /** When the answer names none. */
  fileName: string;
}

/**
 * Fetches a file and hands it to the browser to keep. Resolves to the headers it came with. Rejects with
 * `ApiProblem` only.
 */
export async function download(path: string, { body, fileName }: Download): Promise<Headers> {
  let response: Response;
  let file: Blob;
  try {
    response = await fetch(addressOf(path), {
      method: body === undefined ? 'GET' : 'POST',
      headers: headersOf(body !== undefined),
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    file = await response.blob();
  } catch (cause) {
    throw networkProblem(cause);
  }
  if (!response.ok) throw new ApiProblem(readProblem(await file.text(), response.status));
  const named = /filename="([\w.-]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  keepFile(file, named ?? fileName);
  return response.headers;
}

export function keepFile(file: Blob, fileName: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has to begin before the address goes away.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
