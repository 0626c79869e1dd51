import { z } from 'zod';
import { CallChannel, Direction, Id, Instant, RecordState } from './vocabulary.ts';

const shortText = (max: number) => z.string().trim().min(1).max(max);
/** A clock that was never set says 1970, and a slip of the key 2205: both would be kept for ever. */
const CallStart = z.iso
  .datetime({ offset: true, abort: true })
  .refine((text) => text >= '1980' && text < '2100', 'lies before 1980 or after 2099');

/** A moment in the call, as the sending system names it. */
export const CallEventIn = z.object({
  type: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'lower-case letters, digits and _'),
  offsetMs: z.int().min(0).max(86_400_000),
  note: z.string().max(2000).optional(),
  agentId: shortText(64).optional(),
});

/** The `metadata` part of an upload. Unknown fields are refused, so that a typo is not lost. */
export const RecordMetadataIn = z
  .strictObject({
    sourceSystem: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dot, dash and underscore'),
    sourceCallId: shortText(200),
    startedAt: CallStart,
    durationMs: z.int().min(0).max(86_400_000).optional(),
    direction: Direction.default('inbound'),
    channel: CallChannel.default('voice'),
    agent: z.strictObject({ id: shortText(64), name: shortText(100).optional() }),
    team: shortText(64).optional(),
    queue: shortText(64).optional(),
    customer: z
      .strictObject({
        phone: z.string().trim().max(40).optional(),
        account: z.string().trim().max(64).optional(),
        segment: shortText(64).optional(),
        name: shortText(100).optional(),
      })
      .default({}),
    industry: shortText(64).optional(),
    businessType: shortText(64).optional(),
    issueType: shortText(64).optional(),
    demand: z.string().max(10_000).optional(),
    agentNote: z.string().max(10_000).optional(),
    events: z.array(CallEventIn).max(1000).default([]),
    ticketIds: z.array(shortText(100)).max(100).default([]),
    feedback: z
      .strictObject({
        score: z.number().min(0).max(10).optional(),
        comment: z.string().max(10_000).optional(),
      })
      .optional(),
  })
  .meta({ id: 'RecordMetadata' });
export type RecordMetadataIn = z.infer<typeof RecordMetadataIn>;
export type RecordMetadataInput = z.input<typeof RecordMetadataIn>;

/** 201 for a new record, 200 when the same call with the same bytes is known already. */
export const IntakeReceipt = z
  .object({
    id: Id,
    state: RecordState,
    created: z.boolean(),
    receivedAt: Instant,
    mediaBytes: z.int(),
    /** The ledger index of the entry that proves the intake. */
    ledgerIndex: z.int().optional(),
    /**
     * False when the call is known already, with other metadata, transcript or screenshots: those
     * that came now were not taken.
     */
    sameDetails: z.boolean().optional(),
  })
  .meta({ id: 'IntakeReceipt' });
export type IntakeReceipt = z.infer<typeof IntakeReceipt>;
