import type { FindingType } from './vocabulary.ts';

/** One recognised word or syllable; times are milliseconds from the start of the media. */
export interface Word {
  text: string;
  startMs: number;
  endMs: number;
  /** 0 … 1 when the recogniser says so. */
  confidence?: number;
}

/** A stretch of speech of one channel. Without words, the turn has times but its words do not. */
export interface Turn {
  /** 0 is the agent and 1 the customer on a stereo telephone call. */
  channel: number;
  speaker: 'agent' | 'customer' | 'unknown';
  startMs: number;
  endMs: number;
  /** What was said, as a reader sees it. Equals the words' texts joined when words are present. */
  text: string;
  words: Word[];
  /**
   * What the words said, when they did not spell the text and were dropped: it is searched for
   * personal data too, and not kept.
   */
  heard?: string;
}

export interface Transcript {
  language: string;
  /** Where it came from: 'supplied:json', 'supplied:vtt', 'engine:…'. */
  source: string;
  turns: Turn[];
}

/** One stretch of personal data. Never carries the raw value. */
export interface Finding {
  type: FindingType;
  /** Undefined for a finding in a metadata field, which has no sound. */
  channel?: number;
  startMs?: number;
  endMs?: number;
  /** Where its replacement stands in the redacted text: turn index and UTF-16 range. */
  turn?: number;
  textStart?: number;
  textEnd?: number;
  /** The metadata field it was found in: 'demand', 'agentNote', 'events/0/note' …. */
  field?: string;
  /** 0 … 1; a passed checksum raises it, a failed one never lowers it below masking. */
  confidence: number;
  /** The recogniser and the evidence, by name: 'id_card:checksum', 'phone:spoken'. */
  evidence: string;
}

/** A stretch of sound to be masked, milliseconds from the start of the media. */
export interface MaskSpan {
  channel: number;
  startMs: number;
  endMs: number;
}
