import type pg from 'pg';
import { dayInShanghai } from '../../../test/retention/naive-calendar.ts';
import type { NaiveModel } from '../../../test/retention/naive-model.ts';
import type { ArchiveClock } from '../access/clock.ts';
import type { Seeded } from '../access/random.ts';
import { uploadOf } from '../calls.ts';
import { shortCall } from '../recovery/short-calls.ts';
import type { TestArchive } from '../test-archive.ts';
import { SOURCE_SYSTEM } from './seed-records.ts';
import type { Staff } from './staff.ts';

const LONGEST_MS = 120_000;

/**
 * A real call over HTTP, of a customer whom the archive knows: what was asked for of that customer earlier
 * holds for it. What the archive found it to be is read from its row.
 */
export async function takeCall(
  parts: {
    archive: TestArchive;
    clock: ArchiveClock;
    sql: pg.Pool;
    staff: Staff;
    random: Seeded;
  },
  model: NaiveModel,
  number: number,
): Promise<void> {
  const { archive, clock, sql, staff, random } = parts;
  const like = model.get(random.pick(model.ids()));
  const call = shortCall(number);
  const startedAt = new Date(clock.now().getTime() - 3_600_000);
  const sourceCallId = `retention-${number}`;
  const { body, contentType } = uploadOf({
    ...call,
    metadata: {
      ...call.metadata,
      ...{ sourceSystem: SOURCE_SYSTEM, sourceCallId, startedAt: startedAt.toISOString() },
      customer: { phone: like.phone, account: like.account },
    },
  });
  const answer = await archive.asNobody('POST', '/records', body, {
    ...{ 'content-type': contentType, authorization: `Bearer ${await staff.issueKey()}` },
  });
  if (answer.status !== 201) throw new Error(`a call: ${answer.status} ${answer.body}`);
  const { id } = JSON.parse(answer.body.toString()) as { id: string };
  const { tier, issueType, industry, businessType } = await archived(sql, id);
  model.archive({
    ...{ id, calledOn: dayInShanghai(startedAt), tier, issueType, agentId: '' },
    ...(industry === undefined ? {} : { industry }),
    ...(businessType === undefined ? {} : { businessType }),
    phone: like.phone,
    ...(like.account === undefined ? {} : { account: like.account }),
  });
}

interface Found {
  tier: string;
  issueType: string;
  industry?: string;
  businessType?: string;
}

async function archived(sql: pg.Pool, id: string): Promise<Found> {
  for (let waited = 0; waited < LONGEST_MS; waited += 50) {
    const { rows } = await sql.query(
      `select tier, facts->'classification' as found from record
       where id = $1 and state in ('archived', 'restricted')`,
      [id],
    );
    const [row] = rows as { tier: string; found: Found }[];
    if (row !== undefined) return { ...row.found, tier: row.tier };
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`the call ${id} is not archived`);
}
