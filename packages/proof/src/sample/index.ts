export { drawPositions, MOST_POPULATION, MOST_SAMPLED, sampleSeed } from './draw.ts';
export { growPopulation, type Population, populationLeaf } from './population.ts';
export { SampleError, type SampleErrorCode } from './sample-error.ts';
export {
  encodeSampleProof,
  parseSampleProof,
  SAMPLE_FORMAT,
  type SampledRecord,
  type SampleProof,
  type SampleStatement,
} from './sample-proof.ts';
export { type ProvenSample, verifySample } from './verify-sample.ts';
