export { parseTranscript, type TranscriptFormat } from './parse-transcript.ts';
export { renderVtt } from './render-vtt.ts';
export type { TranscribeErrorCode } from './transcript-error.ts';
