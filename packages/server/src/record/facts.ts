import type { Tier } from './vocabulary.ts';

/** What the probe step learnt of the media. */
export interface MediaFacts {
  kind: 'audio' | 'video';
  container: string;
  codec: string;
  videoCodec?: string;
  channels: number;
  sampleRate: number;
  durationMs: number;
}

/** What the kept rendition is. */
export interface RenditionFacts {
  mediaType: string;
  kind: 'audio' | 'video';
  codec: string;
  channels: number;
  sampleRate: number;
}

export interface Classification {
  tier: Tier;
  issueType: string;
  segment?: string;
  industry?: string;
  businessType?: string;
  reasons: { field: string; rule: string; because: string }[];
}

/** Until when a record is kept, and by which rule. Days are those of the archive's zone. */
export interface RetentionFacts {
  /** First day on which disposal may happen. */
  keepUntil: string;
  rule: string;
  clause: string;
  verified: string;
  /** The anchor of the rule is not known yet: kept until it is. */
  openEnded: boolean;
  alsoApplied: { rule: string; clause: string; keepUntil: string }[];
}

/** Loudness for the waveform: min and max (−1 … 1) per step, interleaved, one array a channel. */
export interface Peaks {
  stepMs: number;
  channels: number[][];
}
