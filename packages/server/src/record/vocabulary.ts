/** The closed vocabularies of a record. The Chinese names are in the web package's catalogue. */

export const RECORD_STATES = [
  'received',
  'probed',
  'transcribed',
  'redacted',
  'classified',
  'sealed',
  'archived',
  'quarantined',
  'restricted',
  'disposed',
] as const;
export type RecordState = (typeof RECORD_STATES)[number];

/** From the least to the most strict. */
export const TIERS = ['basic', 'core', 'sensitive'] as const;
export type Tier = (typeof TIERS)[number];

export const POOLS = ['basic', 'core', 'sensitive', 'quarantine'] as const;
export type Pool = (typeof POOLS)[number];

export const CHANNELS = ['voice', 'video'] as const;
export type CallChannel = (typeof CHANNELS)[number];

export const DIRECTIONS = ['inbound', 'outbound', 'internal'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export const FINDING_TYPES = [
  'id_card',
  'bank_card',
  'phone',
  'landline',
  'passport',
  'plate',
  'email',
  'address',
  'name',
  'medical',
  'password',
  'verification_code',
  'account',
  'birth_date',
] as const;
export type FindingType = (typeof FINDING_TYPES)[number];

/** Findings that make a record sensitive; the others are masked and change no tier. */
export const SENSITIVE_FINDINGS: readonly FindingType[] = [
  'id_card',
  'bank_card',
  'passport',
  'medical',
  'password',
  'verification_code',
];

/** The stricter of two tiers: sensitive over core over basic. */
export function stricterTier(a: Tier, b: Tier): Tier {
  return TIERS.indexOf(a) >= TIERS.indexOf(b) ? a : b;
}
