import { z } from 'zod';

/** The closed vocabularies as they travel over HTTP. */
export const Tier = z.enum(['basic', 'core', 'sensitive']).meta({ id: 'Tier' });
export const RecordState = z
  .enum([
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
  ])
  .meta({ id: 'RecordState' });
export const CallChannel = z.enum(['voice', 'video']);
export const Direction = z.enum(['inbound', 'outbound', 'internal']);
export const FindingType = z.enum([
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
]);
export const Role = z.enum([
  'agent',
  'team_lead',
  'qa',
  'crisis',
  'reviewer',
  'compliance',
  'auditor',
  'approver',
  'regulator',
  'trainer',
  'analyst',
  'operator',
  'admin',
  'service',
]);
export const Id = z.uuid();
export const Instant = z.iso.datetime({ offset: true });

export type Tier = z.infer<typeof Tier>;
export type RecordState = z.infer<typeof RecordState>;
export type CallChannel = z.infer<typeof CallChannel>;
export type Direction = z.infer<typeof Direction>;
export type FindingType = z.infer<typeof FindingType>;
export type Role = z.infer<typeof Role>;
