import { expect, it } from 'vitest';
import type { CallMetadata } from '../record/metadata.ts';
import { redactMetadata } from './redact-metadata.ts';

const callOf = (agentId: string, passedOnTo: string): CallMetadata => ({
  ...{ sourceSystem: 'pbx', sourceCallId: '1', startedAt: new Date(0), ticketIds: [] },
  ...{ direction: 'inbound', channel: 'voice', agent: { id: agentId } },
  customer: { phone: '010-62345678' },
  events: [{ type: 'transferred', offsetMs: 1000, agentId: passedOnTo, note: '转给张主任' }],
});
const passedOn = (agentId: string, to: string) =>
  redactMetadata(callOf(agentId, to)).metadata.events[0]?.agentId;

it('a number that a call was passed on to is not kept as an agent of it', () => {
  expect(passedOn('001', '13912345678')).toBeUndefined();
  expect(passedOn('001', '+86 139-1234-5678')).toBeUndefined();
  expect(passedOn('001', '01062345678')).toBeUndefined();
});

it('agents keep their ids, also where these are mobile numbers', () => {
  expect(passedOn('001', '002')).toBe('002');
  expect(passedOn('001', '20250815001234')).toBe('20250815001234');
  expect(passedOn('13700000001', '13912345678')).toBe('13912345678');
});
