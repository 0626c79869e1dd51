import type { AccessRequestView, SearchResult } from '@voxkeep/contract';
import type pg from 'pg';
import type { Role } from '../../../../test/oracle/access-table.ts';
import {
  type Call,
  type Grant,
  judge,
  type Mandate,
} from '../../../../test/oracle/judge-access.ts';
import type { ArchiveClock } from '../clock.ts';
import { done, type Signer, signStatement, statementOf } from '../passkeys.ts';
import type { People, Person } from '../people.ts';
import type { Seeded } from '../random.ts';
import { AGENTS, giveRecords, readCalls, shuffle, TEAMS } from './catalog-rows.ts';

const TIME_ZONE = 'Asia/Shanghai';
const DAY_MS = 86_400_000;
/** How many of each role look at each archive; those who see a part of it most of all. */
const CROWD: [Role, number][] = [
  ...([['agent', 16] as const, ['team_lead', 10] as const] as [Role, number][]),
  ...([['crisis', 10] as const, ['qa', 1] as const, ['compliance', 1] as const] as [
    Role,
    number,
  ][]),
  ...([['auditor', 3] as const, ['trainer', 2] as const] as [Role, number][]),
  ...([['regulator', 4] as const, ['approver', 1] as const] as [Role, number][]),
  ...([['operator', 1] as const, ['analyst', 1] as const] as [Role, number][]),
];

interface Looker {
  person: Person;
  grants: Grant[];
  mandates: Mandate[];
}

export interface ListTools {
  clock: ArchiveClock;
  sql: pg.Pool;
  signers: readonly [Signer, Signer];
  random: Seeded;
  count: number;
  /** Records that others need as they are. */
  untouched: ReadonlySet<string>;
}

/**
 * Random people before random archives: what a search lists, counts and sorts into facets has to be
 * what single decisions allow, record by record. Resolves to the number of pairs.
 */
export async function judgeLists(
  people: People,
  tools: ListTools,
  problems: string[],
): Promise<number> {
  const { clock, sql, random, count, untouched } = tools;
  await giveRecords(sql);
  const lookers = await gather(people, tools);
  const caseActors = lookers.map(({ person }) => person.id);
  const change = async (part: number, ages = false) => {
    const given = { part, ages, now: clock.now(), timeZone: TIME_ZONE, caseActors };
    const calls = (await readCalls(sql)).filter(({ id }) => !untouched.has(id));
    await shuffle(sql, random, calls, given);
  };
  await change(1, true);
  await grantSome(people, tools, lookers, await readCalls(sql));
  let pairs = 0;
  while (pairs < count && problems.length < 200) {
    const calls = await readCalls(sql);
    await Promise.all(lookers.map((looker) => compare(looker, calls, clock.now(), problems)));
    const some = random.some(lookers, 0.1);
    const [call] = random.shuffled(calls);
    if (call !== undefined) {
      await Promise.all(some.map((one) => open(one, call, clock.now(), problems)));
    }
    pairs += lookers.length;
    await change(0.2);
  }
  return pairs;
}

async function gather(people: People, { random }: ListTools): Promise<Looker[]> {
  const lookers: Looker[] = [];
  for (const [role, count] of CROWD) {
    for (let number = 0; number < count; number += 1) {
      const ids = {
        ...(role === 'agent' || random.chance(0.3) ? { agentId: random.pick(AGENTS) } : {}),
        ...(role === 'team_lead' || random.chance(0.8) ? { teamId: random.pick(TEAMS) } : {}),
      };
      lookers.push({ person: await people.make({ role, ...ids }), grants: [], mandates: [] });
    }
  }
  return lookers;
}

/** Real grants and mandates: asked for, and signed by two. */
async function grantSome(
  people: People,
  tools: ListTools,
  lookers: Looker[],
  calls: Call[],
): Promise<void> {
  const { random, clock } = tools;
  const purpose = { category: 'audit', text: 'what a proof looks at' };
  const officer = await people.make({ role: 'compliance' });
  for (const looker of lookers) {
    const { role, id: holderId, client } = looker.person;
    if (role === 'regulator') {
      const now = clock.now().getTime();
      const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
      const [from, to] = [day(now - 50 * DAY_MS), day(now - 20 * DAY_MS)];
      const criteria = random.pick([
        {},
        { issueTypes: ['设备故障', '账单查询'] },
        { industries: ['电信'] },
      ]);
      const validity = [new Date(now - 1000), new Date(now + DAY_MS)] as const;
      const [validFrom, validTo] = validity.map((at) => at.toISOString());
      const body = { holderId, purpose, reference: 'L-1', validFrom, validTo };
      const scope = { ...criteria, from, to };
      await inForce(await officer.client.post('/access/mandates', { ...body, scope }), tools);
      // Days of the archive's zone, both included; Shanghai knows no summer time.
      const bounds = {
        from: new Date(`${from}T00:00+08:00`),
        before: new Date(`${to}T24:00+08:00`),
      };
      const [since, until] = validity;
      looker.mandates.push({
        ...{ holderId, holderRole: role, since, until, scope: { ...criteria, ...bounds } },
      });
    } else if (['agent', 'team_lead', 'crisis', 'auditor'].includes(role) && random.chance(0.5)) {
      const some = random.shuffled(calls).slice(0, 12);
      const fields = ['media', 'transcript'] as const;
      const recordIds = some.map(({ id }) => id);
      const body = { recordIds, fields, purpose, minutes: 240 };
      await inForce(await client.post('/access/requests', body), tools);
      const since = new Date(clock.now().getTime() - 1000);
      const until = new Date(since.getTime() + 240 * 60_000);
      const records = some.map(({ id, tier }) => ({ id, tier }));
      looker.grants.push({ holderId, holderRole: role, since, until, fields, records });
    }
  }
}

async function inForce(
  asked: Awaited<ReturnType<Person['client']['post']>>,
  { signers }: ListTools,
): Promise<void> {
  const { id } = done(asked) as AccessRequestView;
  for (const { person, passkey } of signers) {
    const assertion = signStatement(await statementOf(person, id), passkey);
    done(await person.client.post(`/access/requests/${id}/approve`, { assertion }));
  }
}

const allows = ({ person, grants, mandates }: Looker, call: Call, now: Date): boolean => {
  const { id: actorId, role, agentId, teamId } = person;
  const viewer = {
    ...{ actorId, role },
    ...(agentId === undefined ? {} : { agentId }),
    ...(teamId === undefined ? {} : { teamId }),
  };
  const rest = { grants, mandates, now, timeZone: TIME_ZONE };
  return judge({ viewer, action: 'search', call, ...rest }).allowed;
};

async function compare(looker: Looker, calls: Call[], now: Date, problems: string[]) {
  const { client, role, agentId, teamId } = looker.person;
  const who = `${role} ${agentId ?? '-'} ${teamId ?? '-'}`;
  const due = calls.filter((call) => allows(looker, call, now));
  const listed: string[] = [];
  let next: string | undefined;
  do {
    const cursor = next === undefined ? '&facets=true' : `&cursor=${encodeURIComponent(next)}`;
    const { status, body } = await client.get(`/records?limit=200${cursor}`);
    if (status !== 200) {
      const refused = status === 403 && due.length === 0;
      if (!refused) problems.push(`list of ${who}: ${status}, ${due.length} are due`);
      return;
    }
    const result = body as SearchResult;
    listed.push(...result.hits.map(({ id }) => id));
    next = result.next;
    if (result.total !== due.length) {
      problems.push(`count of ${who}: ${result.total}, ${due.length} are due`);
    }
    if (result.facets !== undefined) {
      const tiers = Object.fromEntries(
        result.facets.tier.map(({ value, count }) => [value, count]),
      );
      for (const tier of ['basic', 'core', 'sensitive'] as const) {
        const count = due.filter((call) => call.tier === tier).length;
        if ((tiers[tier] ?? 0) !== count) {
          problems.push(`facet ${tier} of ${who}: ${tiers[tier] ?? 0}, ${count} are due`);
        }
      }
    }
  } while (next !== undefined);
  const [got, wanted] = [new Set(listed), new Set(due.map(({ id }) => id))];
  for (const call of calls) {
    if (got.has(call.id) === wanted.has(call.id)) continue;
    const what = got.has(call.id) ? 'listed, is not to be' : 'not listed, is to be';
    problems.push(`list of ${who}: ${JSON.stringify(call)} ${what}`);
  }
  if (listed.length !== got.size) problems.push(`list of ${who}: a record twice`);
}

/** The record's own door says the same as the list. */
async function open(looker: Looker, call: Call, now: Date, problems: string[]): Promise<void> {
  // A mandate is held against the manifest, and rows that were moved about are not what it says.
  if (looker.mandates.length > 0) return;
  const { status } = await looker.person.client.get(`/records/${call.id}`);
  const due = allows(looker, call, now);
  // Generated rows have no manifest: beyond the policy there is nothing to be found.
  if ((status !== 403) === due && status !== 401 && status < 500) return;
  problems.push(`view by ${looker.person.role} of ${JSON.stringify(call)}: ${status}, due ${due}`);
}
