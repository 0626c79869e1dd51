import type { RecordView, Stream } from '@voxkeep/contract';

type Media = NonNullable<RecordView['media']>;

export interface Source {
  url: string;
  /** Which ticket it takes. */
  stream: Stream;
  /** True when H.264 is played in place of the archived H.265. */
  converted: boolean;
}

/** Some browsers fail on HEVC without an error event, so ask before, not after. */
export function pickSource(media: Media, canPlay: (mediaType: string) => string): Source {
  const hevc = media.kind === 'video' && /hevc|h265|hvc1|hev1/i.test(media.codec);
  if (!hevc || media.h264Url === undefined)
    return { url: media.url, stream: 'media', converted: false };
  const sure = canPlay('video/mp4; codecs="hvc1.1.6.L93.B0"') === 'probably';
  return sure
    ? { url: media.url, stream: 'media', converted: false }
    : { url: media.h264Url, stream: 'h264', converted: true };
}
