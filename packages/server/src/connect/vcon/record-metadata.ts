import { RecordMetadataIn, type RecordMetadataInput } from '@voxkeep/contract';
import { roleOf } from './party-roles.ts';
import { vconError } from './vcon-error.ts';
import { momentOf, type Party, partiesOf, type Vcon } from './vcon-shape.ts';

const MAX_EVENTS = 1000;
const EVENT_NAMES: Record<string, string> = {
  join: 'joined',
  drop: 'left',
  hold: 'held',
  unhold: 'resumed',
  mute: 'muted',
  unmute: 'unmuted',
};

/** What the archive keeps of the call around recording `index`. */
export function recordMetadata(vcon: Vcon, index: number, mediaType: string): RecordMetadataInput {
  const dialog = vcon.dialog[index];
  if (dialog === undefined) throw vconError('VCON_NO_MEDIA', 'the vCon has no such dialog');
  const startedAt = momentOf(dialog.start, `dialog/${index}/start`);
  const there = partiesOf(dialog);
  const everyone = there.length === 0 ? vcon.parties.map((_, at) => at) : there;
  const parties = everyone.flatMap((at) => vcon.parties[at] ?? []);
  const agent = parties.find((party) => roleOf(party) === 'agent');
  const customer =
    parties.find((party) => roleOf(party) === 'customer') ??
    parties.find((party) => roleOf(party) !== 'agent');
  const agentsOnly = parties.length > 1 && parties.every((party) => roleOf(party) === 'agent');
  const outbound = agent !== undefined && parties[0] === agent;
  const queue = shortened(dialog.skill, 64);
  const metadata: RecordMetadataInput = {
    sourceSystem: 'vcon',
    sourceCallId: vcon.uuid.toLowerCase(),
    startedAt: startedAt.toISOString(),
    ...(typeof dialog.duration === 'number'
      ? { durationMs: Math.round(dialog.duration * 1000) }
      : {}),
    direction: agentsOnly ? 'internal' : outbound ? 'outbound' : 'inbound',
    channel: mediaType.startsWith('video/') ? 'video' : 'voice',
    agent: agentOf(agent),
    ...(queue === undefined ? {} : { queue }),
    customer: customer === undefined ? {} : customerOf(customer),
    ...(vcon.subject?.trim() ? { demand: vcon.subject } : {}),
    events: eventsOf(vcon, index, startedAt),
  };
  const checked = RecordMetadataIn.safeParse(metadata);
  if (checked.success) return metadata;
  const [issue] = checked.error.issues;
  throw vconError('VCON_INVALID', issue?.message ?? 'does not fit', `dialog/${index}`);
}

/** An agent's `uuid` is the same in every call; the name stands in for it. */
function agentOf(party: Party | undefined): RecordMetadataInput['agent'] {
  const name = shortened(party?.name, 100);
  const id = shortened(party?.uuid, 64) ?? shortened(party?.name, 64) ?? 'unknown';
  return { id, ...(name === undefined ? {} : { name }) };
}

function customerOf(party: Party): NonNullable<RecordMetadataInput['customer']> {
  const name = shortened(party.name, 100);
  // RFC 3966: the scheme may be left out, parameters follow a semicolon.
  const phone = shortened(party.tel?.replace(/^tel:/i, '').split(';')[0], 40);
  return { ...(phone === undefined ? {} : { phone }), ...(name === undefined ? {} : { name }) };
}

/** Who joined, left, was held …, and transfers. Keys pressed are left out: they may be a PIN. */
function eventsOf(vcon: Vcon, index: number, startedAt: Date): RecordMetadataInput['events'] {
  const offset = (value: string | number, field: string) =>
    momentOf(value, field).getTime() - startedAt.getTime();
  const history = (vcon.dialog[index]?.party_history ?? []).flatMap(
    ({ party, time, event }, at) => {
      const type = EVENT_NAMES[event];
      const who = vcon.parties[party];
      const offsetMs = offset(time, `dialog/${index}/party_history/${at}/time`);
      if (type === undefined) return [];
      return [{ type, offsetMs, ...(roleOf(who) === 'agent' ? { agentId: agentOf(who).id } : {}) }];
    },
  );
  const transfers = vcon.dialog.flatMap(({ type, start }, at) =>
    type === 'transfer'
      ? [{ type: 'transferred', offsetMs: offset(start, `dialog/${at}/start`) }]
      : [],
  );
  const during = [...history, ...transfers].filter(
    ({ offsetMs }) => offsetMs >= 0 && offsetMs <= 86_400_000,
  );
  return during.sort((a, b) => a.offsetMs - b.offsetMs).slice(0, MAX_EVENTS);
}

/** The text where it fits; one that does not fit is left out rather than cut. */
function shortened(text: string | null | undefined, max: number): string | undefined {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' || trimmed.length > max ? undefined : trimmed;
}
