import type { AccessRequestView } from '@voxkeep/contract';
import { FIELDS, type Field, GRANTABLE } from '../../../../test/oracle/access-table.ts';
import type { Call } from '../../../../test/oracle/judge-access.ts';
import type { ArchiveClock } from '../clock.ts';
import { statementOf } from '../passkeys.ts';
import type { Seeded } from '../random.ts';
import { awake } from './acts.ts';
import { RequestModel } from './model.ts';
import { codeOf } from './try-acts.ts';
import type { Actor, World } from './world.ts';

/**
 * Asks for records of the world, by chance where `what` does not say. Resolves to the request and what
 * is signed for it, to nothing when it is refused rightly, or to what is wrong.
 */
export async function ask(
  world: World,
  asker: Actor,
  what: { asked?: Call[]; fields?: Field[]; random: Seeded },
  clock: ArchiveClock,
): Promise<{ request: RequestModel; canonical: string } | string | undefined> {
  const { records, requests, approvers } = world;
  const { random } = what;
  await awake(asker, clock);
  const some = random.some(FIELDS, 0.4);
  const usual: Field[] = some.length === 0 || random.chance(0.7) ? ['transcript', 'media'] : some;
  const { fields = usual } = what;
  const { asked = random.chance(0.6) ? records : [random.pick(records)] } = what;
  const minutes = random.pick([5, 5, 60]);
  const purpose = { category: 'audit', text: 'what a proof looks at' };
  const recordIds = asked.map(({ id }) => id);
  const body = { recordIds, fields, minutes, purpose };
  const answer = await asker.person.client.post('/access/requests', body);
  const grantable = GRANTABLE[asker.known.role]?.fields ?? [];
  if (fields.some((field) => !grantable.includes(field))) {
    if (codeOf(answer) === 'FIELD_NOT_GRANTABLE') return undefined;
    return `asks as ${asker.known.role} for ${fields.join()}: ${answer.status}`;
  }
  if (answer.status !== 201) {
    return `asks: ${answer.status} ${answer.bytes.toString().slice(0, 200)}`;
  }
  const { id, decideBy } = answer.body as AccessRequestView;
  const seen = asked.map((call) => ({ id: call.id, tier: call.tier, agentIds: call.agentIds }));
  const request = new RequestModel({
    ...{ id, requester: asker.known, records: seen, fields, minutes },
    decideBy: new Date(decideBy),
  });
  requests.push(request);
  const reader = random.pick(approvers);
  await awake(reader, clock);
  return { request, canonical: await statementOf(reader.person, id) };
}
