/** ITU-T G.711: one byte a sample, expanded to and compressed from 16-bit linear. */
export type G711 = 'pcm_mulaw' | 'pcm_alaw';

const MU_BIAS = 0x84;
const MU_CLIP = 32_635;

function expandMuLaw(code: number): number {
  const inverted = ~code & 0xff;
  const magnitude = (((inverted & 0x0f) << 3) + MU_BIAS) << ((inverted & 0x70) >> 4);
  return inverted & 0x80 ? MU_BIAS - magnitude : magnitude - MU_BIAS;
}

function expandALaw(code: number): number {
  const toggled = code ^ 0x55;
  const segment = (toggled & 0x70) >> 4;
  let magnitude = (toggled & 0x0f) << 4;
  magnitude += segment === 0 ? 8 : 0x108;
  if (segment > 1) magnitude <<= segment - 1;
  return toggled & 0x80 ? magnitude : -magnitude;
}

function compressMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), MU_CLIP) + MU_BIAS;
  const exponent = Math.max(0, 31 - Math.clz32(magnitude) - 7);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

function compressALaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const magnitude = Math.min(sample >= 0 ? sample : -sample - 1, 32_767) >> 3;
  const segment = magnitude < 32 ? 0 : 31 - Math.clz32(magnitude) - 4;
  const mantissa = (segment === 0 ? magnitude >> 1 : magnitude >> segment) & 0x0f;
  return (sign | (segment << 4) | mantissa) ^ 0x55;
}

const TABLES: Record<G711, Int16Array> = {
  pcm_mulaw: Int16Array.from({ length: 256 }, (_, code) => expandMuLaw(code)),
  pcm_alaw: Int16Array.from({ length: 256 }, (_, code) => expandALaw(code)),
};

/** The 16-bit value of every code. */
export const expansionTable = (law: G711): Int16Array => TABLES[law];

export const compressSample = (law: G711, sample: number): number =>
  law === 'pcm_mulaw' ? compressMuLaw(sample) : compressALaw(sample);
