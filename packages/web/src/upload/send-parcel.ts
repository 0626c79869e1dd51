import type { IntakeReceipt, RecordMetadataInput } from '@voxkeep/contract';
import { ApiProblem, addressOf, headersOf, networkProblem, readProblem } from '../api/client.ts';
import type { Parcel } from './sort-files.ts';

/**
 * Sends one call. The metadata goes first, so that a fault in it is told before the media travels.
 * XMLHttpRequest, because fetch tells no upload progress. `onProgress` gets 0 … 1. Rejects with
 * `ApiProblem`, or with the signal's reason when cancelled.
 */
export function sendParcel(
  metadata: RecordMetadataInput,
  parcel: Parcel & { media: File },
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<IntakeReceipt> {
  const form = new FormData();
  form.append('metadata', new Blob([JSON.stringify(metadata)], { type: 'application/json' }));
  if (parcel.transcript !== undefined) form.append('transcript', parcel.transcript);
  for (const screenshot of parcel.screenshots) form.append('screenshots', screenshot);
  form.append('media', parcel.media);

  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', addressOf('/records'));
    for (const [name, value] of Object.entries(headersOf(false))) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status >= 400) {
        reject(new ApiProblem(readProblem(request.responseText, request.status)));
        return;
      }
      try {
        resolve(JSON.parse(request.responseText) as IntakeReceipt);
      } catch (cause) {
        reject(new ApiProblem(readProblem(request.responseText, request.status), cause));
      }
    };
    request.onerror = () => reject(networkProblem(undefined));
    request.onabort = () => reject(signal.reason);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}
