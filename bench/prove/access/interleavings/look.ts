import type { RecordAction } from '../../../../test/oracle/access-table.ts';
import { type Call, type Grant, judge } from '../../../../test/oracle/judge-access.ts';
import type { Actor, World } from './world.ts';

const TIME_ZONE = 'Asia/Shanghai';
/** So near to the end of a grant nobody can say whose clock was first. */
const EDGE_MS = 25_000;
export const DOORS = {
  view: (id: string) => `/records/${id}`,
  read_transcript: (id: string) => `/records/${id}/transcript`,
  stream: (id: string) => `/records/${id}/peaks`,
  original: (id: string) => `/records/${id}/original`,
  download: (id: string) => `/records/${id}/download`,
  export: (id: string) => `/records/${id}/export`,
  trail: (id: string) => `/records/${id}/trail`,
} as const satisfies Partial<Record<RecordAction, (id: string) => string>>;
export type Look = keyof typeof DOORS;
export const LOOKS = Object.keys(DOORS) as Look[];

export interface Seen {
  /** Undefined near the end of a grant. */
  expected: boolean | undefined;
  got: boolean;
  problem?: string;
}

/** What the oracle says of it; `near` so close to the end of a grant that it says nothing. */
export function judgedBy(
  { requests }: World,
  { known }: Actor,
  call: Call,
  action: Look,
  now: Date,
): { allowed: boolean; rules: ReadonlySet<string>; near: boolean; grants: Grant[] } {
  const grants = requests.flatMap((request) => request.grant());
  const near = grants.some(({ until }) => Math.abs(until.getTime() - now.getTime()) < EDGE_MS);
  const viewer = {
    ...{ actorId: known.id, role: known.role },
    ...(known.agentId === undefined ? {} : { agentId: known.agentId }),
    ...(known.teamId === undefined ? {} : { teamId: known.teamId }),
  };
  const cell = { viewer, action, call, grants, mandates: [], now, timeZone: TIME_ZONE };
  return { ...judge(cell), near, grants };
}

/** Goes through the door of an action, and compares with what the oracle says of the model's grants. */
export async function look(
  world: World,
  actor: Actor,
  call: Call,
  action: Look,
  now: Date,
): Promise<Seen> {
  const answer = await actor.person.client.get(DOORS[action](call.id));
  const { known } = actor;
  const { code = '', rule = '' } = (answer.body ?? {}) as { code?: string; rule?: string };
  // Past the policy a ticket may be asked for, and a record may keep no original.
  const passed = ['TICKET_REQUIRED', 'RECORD_UNKNOWN'].includes(code);
  const got = answer.status === 200 || passed;
  const who = `${known.role} ${action} of a ${call.tier} call`;
  if (known.locked) {
    const problem = `${who}: ${answer.status} with a locked account`;
    return { expected: false, got, ...(answer.status === 401 ? {} : { problem }) };
  }
  const { allowed, rules, near } = judgedBy(world, actor, call, action, now);
  if (near) return { expected: undefined, got };
  const right = allowed ? got : answer.status === 403 && rules.has(rule);
  const due = allowed ? 'allowed' : `refused by ${[...rules].join(' or ')}`;
  const problem = `${who}: ${answer.status} ${code} ${rule}, is to be ${due}`;
  return { expected: allowed, got, ...(right ? {} : { problem }) };
}
