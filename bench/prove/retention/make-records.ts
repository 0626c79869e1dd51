import { createHash } from 'node:crypto';
import { dayInShanghai } from '../../../test/retention/naive-calendar.ts';
import type { NaiveRecord } from '../../../test/retention/naive-model.ts';
import type { Seeded } from '../access/random.ts';

const DAY_MS = 86_400_000;
const ZONE_MS = 8 * 3_600_000;

/** A record as the proof puts it into the catalog. */
export interface MadeRecord extends NaiveRecord {
  startedAt: Date;
  teamId: string;
}

/** Industry and business type go together as they do in life; most calls have no business type. */
const KINDS: readonly [weight: number, industry: string | undefined, business?: string][] = [
  [18, 'telecom'],
  [10, 'general'],
  [8, undefined],
  [10, 'finance'],
  [6, 'securities'],
  [3, 'securities', 'securities_service'],
  [6, 'insurance', 'insurance_long'],
  [6, 'insurance', 'insurance_short'],
  [8, 'ecommerce', 'platform_transaction'],
  [6, 'finance', 'aml_identity'],
  [5, 'finance', 'wealth_dual_recording'],
  [6, 'telecom', 'account_membership'],
  [6, 'general', 'complaint'],
  [6, 'general', 'outbound_call_centre'],
];
const ISSUES = ['业务咨询', '账单查询', '设备故障', '投诉建议'];

/**
 * Calls between two moments. A tranche has accounts, numbers, teams and issue types of its own: what was
 * asked for of another one does not concern it.
 */
export function makeRecords(
  random: Seeded,
  given: { tranche: number; count: number; from: Date; until: Date },
): MadeRecord[] {
  const { tranche, count, from, until } = given;
  const spanMs = until.getTime() - from.getTime();
  const people = Math.max(5, Math.floor(count / 3));
  return Array.from({ length: count }, (_, at) => {
    const startedAt = nearMidnight(
      random,
      new Date(from.getTime() + Math.floor(random.unit() * spanMs)),
    );
    const person = Math.floor(random.unit() * random.unit() * people);
    const [, industry, businessType] = kindOf(random);
    const team = random.below(6);
    return {
      ...{ id: idOf(startedAt, `${tranche} ${at}`), startedAt, calledOn: dayInShanghai(startedAt) },
      tier: random.pick(['basic', 'basic', 'basic', 'core', 'sensitive']),
      issueType: `${random.pick(ISSUES)}-${tranche}`,
      ...(industry === undefined ? {} : { industry }),
      ...(businessType === undefined ? {} : { businessType }),
      ...{ agentId: `T${tranche}A${random.below(20)}`, teamId: `T${tranche}-${team}` },
      phone: phoneOf(tranche, person),
      // Some calls name no account; they are their number's.
      ...(random.chance(0.15) ? {} : { account: `AC-${tranche}-${person}` }),
    };
  });
}

/** Numbers of a tranche's persons; no two have the same. */
export const phoneOf = (tranche: number, person: number): string =>
  `13${String(tranche % 100).padStart(2, '0')}${String((person * 7919) % 10_000_000).padStart(7, '0')}`;

function kindOf(random: Seeded): (typeof KINDS)[number] {
  let left = random.unit() * KINDS.reduce((sum, [weight]) => sum + weight, 0);
  for (const kind of KINDS) {
    left -= kind[0];
    if (left < 0) return kind;
  }
  return [1, undefined];
}

/** Every fifth call is at a midnight in Shanghai, or a millisecond before it. */
function nearMidnight(random: Seeded, at: Date): Date {
  if (!random.chance(0.2)) return at;
  const midnight = Math.floor((at.getTime() + ZONE_MS) / DAY_MS) * DAY_MS - ZONE_MS;
  return new Date(midnight - (random.chance(0.5) ? 1 : 0));
}

/** A UUIDv7 of that moment, the same in every run of a seed. */
function idOf(at: Date, name: string): string {
  const time = at.getTime().toString(16).padStart(12, '0');
  const rest = createHash('sha256').update(`${at.getTime()} ${name}`).digest('hex');
  const tail = `8${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-${tail}`;
}
