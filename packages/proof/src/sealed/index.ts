export { type SealedIdentity, sealedAssociatedData } from './associated-data.ts';
export { plainSize, type SealedFormat, STANDARD, sealedSize } from './format.ts';
export { openRange, type ReadAt } from './open-range.ts';
export { openStream } from './open-stream.ts';
export { sealStream } from './seal-stream.ts';
export { hasSealedCode, SealedError, type SealedErrorCode } from './sealed-error.ts';
