export { type ParsedVcon, parseVcon } from './parse-vcon.ts';
export type { VconErrorCode } from './vcon-error.ts';
