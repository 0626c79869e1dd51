import type { RecordMetadataInput } from '@voxkeep/contract';

/** What one upload consists of, however it was dropped. */
export interface Parcel {
  media?: File;
  transcript?: File;
  screenshots: File[];
  sidecar?: { name: string; metadata: Partial<RecordMetadataInput> };
}

export type Complaint =
  | { kind: 'badJson'; name: string }
  | { kind: 'unknownFile'; name: string }
  | { kind: 'twoMedia'; name: string };

const MEDIA = /\.(wav|mp3|m4a|ogg|opus|flac|amr|gsm|aac|wma|mp4|mkv|mov|webm|avi|ts)$/i;
const IMAGE = /\.(png|jpe?g|webp)$/i;
const WORDS = /\.(vtt|srt)$/i;

/** Adds files to a parcel by what they are; says which ones it could not use. */
export async function sortFiles(
  parcel: Parcel,
  files: readonly File[],
): Promise<{ parcel: Parcel; complaints: Complaint[] }> {
  const sorted: Parcel = { ...parcel, screenshots: [...parcel.screenshots] };
  const complaints: Complaint[] = [];
  for (const file of files) {
    const { name, type } = file;
    if (type.startsWith('image/') || IMAGE.test(name)) sorted.screenshots.push(file);
    else if (WORDS.test(name)) sorted.transcript = file;
    else if (/\.json$/i.test(name)) {
      const metadata = await readJson(file);
      if (metadata === undefined) complaints.push({ kind: 'badJson', name });
      else if (isMetadata(metadata)) sorted.sidecar = { name, metadata };
      else sorted.transcript = file;
    } else if (/^(audio|video)\//.test(type) || MEDIA.test(name)) {
      if (sorted.media !== undefined) complaints.push({ kind: 'twoMedia', name });
      sorted.media = file;
    } else complaints.push({ kind: 'unknownFile', name });
  }
  return { parcel: sorted, complaints };
}

async function readJson(file: File): Promise<unknown> {
  try {
    return JSON.parse(await file.text());
  } catch {
    return undefined;
  }
}

/** A transcript has turns or segments; only the metadata names its source call. */
function isMetadata(value: unknown): value is Partial<RecordMetadataInput> {
  return typeof value === 'object' && value !== null && 'sourceCallId' in value;
}
