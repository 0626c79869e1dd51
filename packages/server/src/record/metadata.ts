import type { CallChannel, Direction } from './vocabulary.ts';

/** A moment in the call. */
export interface CallEvent {
  type: string;
  offsetMs: number;
  note?: string;
  agentId?: string;
}

/** What the sending system says of a call. Free text is raw until the redact step has passed. */
export interface CallMetadata {
  sourceSystem: string;
  sourceCallId: string;
  startedAt: Date;
  durationMs?: number;
  direction: Direction;
  channel: CallChannel;
  agent: { id: string; name?: string };
  team?: string;
  queue?: string;
  customer: { phone?: string; account?: string; segment?: string; name?: string };
  industry?: string;
  businessType?: string;
  issueType?: string;
  demand?: string;
  agentNote?: string;
  events: CallEvent[];
  ticketIds: string[];
  feedback?: { score?: number; comment?: string };
}
