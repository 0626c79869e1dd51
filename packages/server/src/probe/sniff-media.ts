import type { Container } from './ports.ts';

/**
 * The container by its first bytes, never by name or declared type. Undefined for what the archive
 * does not take: playlists, scripts and lists of other files are never among what it does.
 */
export function sniffMedia(head: Buffer): Container | undefined {
  const text = (from: number, to: number) => head.toString('latin1', from, to);
  if (/^(RIFF|RF64)$/.test(text(0, 4)) && text(8, 12) === 'WAVE') return 'wav';
  if (text(0, 4) === 'OggS') return 'ogg';
  if (text(0, 4) === 'fLaC') return 'flac';
  if (text(4, 8) === 'ftyp') return 'mp4';
  if (head.length >= 4 && head.readUInt32BE(0) === 0x1a45dfa3) return 'webm';
  if (text(0, 6) === '#!AMR\n' || text(0, 9) === '#!AMR-WB\n') return 'amr';
  if (text(0, 3) === 'ID3') return 'mp3';
  if (head.length >= 2 && head[0] === 0xff && ((head[1] ?? 0) & 0xf6) === 0xf0) return 'aac';
  return isMpegLayer2or3(head) ? 'mp3' : undefined;
}

/** A frame header of ISO/IEC 11172-3 with no reserved value; a UTF-16 byte order mark is not one. */
function isMpegLayer2or3(head: Buffer): boolean {
  const [sync = 0, version = 0, rates = 0] = head;
  const layer = (version >> 1) & 3;
  return (
    sync === 0xff &&
    (version & 0xe0) === 0xe0 &&
    (version & 0x18) !== 0x08 &&
    (layer === 1 || layer === 2) &&
    (rates & 0xf0) !== 0xf0 &&
    (rates & 0x0c) !== 0x0c
  );
}
