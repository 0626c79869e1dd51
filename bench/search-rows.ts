import { createHash } from 'node:crypto';
import { dict } from '@node-rs/jieba/dict.js';
import type { IndexKeys } from '../packages/server/src/core/blind-index.ts';
import type { Db } from '../packages/server/src/core/database.ts';
import { newUuidV7 } from '../packages/server/src/core/ids.ts';
import { type CallRow, indexRecords } from '../packages/server/src/index/index.ts';
import { maskPhone } from '../packages/server/src/record/masked.ts';
import type { CallFields } from '../packages/server/src/serve/search/index.ts';

/** A call before anything of it is sealed. */
export interface GeneratedCall {
  row: Omit<CallRow, 'fields'>;
  /** What the archive would seal into `fields`. */
  shown: CallFields;
}

export const GENERATED_MONTHS = 24;
const AGENTS = 240;
const TEAMS = 20;
const ISSUES = [
  ...(['业务咨询', 30, '账单查询', 18, '设备故障', 15, '报装移机', 10, '退款申请', 9] as const),
  ...(['投诉建议', 7, '套餐变更', 6, '客户纠纷', 3, '危机事件', 0.5, '其他', 1.5] as const),
];
const CORE_ISSUES = new Set(['设备故障', '客户纠纷', '危机事件']);
const SEGMENTS = ['普通客户', 70, '老客户', 18, 'VIP客户', 9, '政企客户', 3] as const;
const INDUSTRIES = ['电信', 60, '金融', 25, '医疗', 5, '零售', 10] as const;

const OPENINGS = ['您好，很高兴为您服务，请问有什么可以帮您', '您好，这里是客服中心，请讲'];
const CLOSINGS = ['请问还有其他需要吗', '感谢您的来电，请对我的服务做出评价', '好的，再见'];
const REPLACED = ['[手机号]', '[姓名]', '[地址]', '[身份证号]', '[银行卡号]'];
const PHRASES: Record<string, string[]> = {
  业务咨询: ['我想咨询一下宽带怎么办理', '你们的营业厅几点开门', '这个业务怎么收费'],
  账单查询: ['我的账单金额好像不对', '上个月的话费怎么多了', '帮我查一下账单明细'],
  设备故障: ['打印机坏了一直卡纸', '路由器连不上网，指示灯一直红色', '设备故障，重启也没有用'],
  报装移机: ['我搬家了要移机', '新装的宽带什么时候上门', '师傅没有来安装'],
  退款申请: ['我要申请退款', '退款什么时候到账', '钱没有退回银行卡'],
  投诉建议: ['我要投诉你们的服务态度', '上次投诉没有人处理', '给我一个说法'],
  套餐变更: ['我想换一个便宜的套餐', '5g套餐怎么变更', '流量不够用'],
  客户纠纷: ['我要找律师起诉你们', '必须赔偿我的损失', '不给解决我就去消协'],
  危机事件: ['家里漏电有人受伤', '机房起火了', '电梯困人了快来'],
  其他: ['打错了不好意思', '信号不好听不清', '麻烦转人工'],
};

/** A seeded stream of numbers, so that every run makes the same rows (mulberry32). */
function numbers(seed: number) {
  let state = seed >>> 0;
  const unit = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(unit() * limit);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  /** Of value, weight, value, weight …. */
  const weighted = <T extends string>(pairs: readonly (T | number)[]): T => {
    const weights = pairs.filter((one) => typeof one === 'number');
    let left = unit() * weights.reduce((sum, weight) => sum + weight, 0);
    for (const [at, weight] of weights.entries()) {
      left -= weight;
      if (left < 0) return pairs[at * 2] as T;
    }
    return pairs[0] as T;
  };
  const bytes = (size: number) => Buffer.from(Array.from({ length: size }, () => below(256)));
  return { unit, below, pick, weighted, bytes };
}

/**
 * Phrases of three to six words, out of words that a dictionary counts as frequent. People repeat
 * themselves in phrases, so the neighbours of a word are few; the rank follows Zipf's law, as the
 * n-th phrase comes one n-th as often as the first.
 */
function phrases(random: ReturnType<typeof numbers>): string[] {
  const words = Buffer.from(dict)
    .toString()
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([word = '']) => /^\p{Script=Han}{2,4}$/u.test(word))
    .sort((a, b) => Number(b[1]) - Number(a[1]))
    .slice(0, 12_000)
    .map(([word = '']) => word);
  const ranked = () => words[Math.floor(words.length ** random.unit()) - 1] ?? '可以';
  return Array.from({ length: 20_000 }, () =>
    Array.from({ length: 3 + random.below(4) }, ranked).join(''),
  );
}

/**
 * Calls of the last 24 months before `until`, busier by day and on weekdays; issue types, agents,
 * customers and words are as uneven as they are in life. Transcripts have some 250 characters.
 */
export function* generateRows(
  count: number,
  seed: number,
  until = new Date('2026-11-01T00:00:00Z'),
): Generator<GeneratedCall> {
  const random = numbers(seed);
  const said = phrases(random);
  const spanMs = GENERATED_MONTHS * 30.4 * 86_400_000;
  const customers = Math.max(100, Math.round(count / 3));
  for (let made = 0; made < count; made += 1) {
    const startedAt = busyMoment(random, until.getTime(), spanMs);
    const issueType = random.weighted(ISSUES) as string;
    // A product of two: few agents and customers have many calls, many have few.
    const agent = Math.floor(random.unit() ** 1.5 * AGENTS);
    const phone = phoneOf(Math.floor(random.unit() * random.unit() * customers));
    const sensitive = random.unit() < 0.08;
    const texts = transcriptOf(random, said, issueType, sensitive);
    const agentId = String(agent + 1).padStart(3, '0');
    const row: Omit<CallRow, 'fields'> = {
      id: newUuidV7({ now: () => startedAt }, random),
      startedAt,
      durationMs: Math.round(20_000 + 180_000 * -Math.log(1 - random.unit() * 0.9999)),
      tier: sensitive ? 'sensitive' : CORE_ISSUES.has(issueType) ? 'core' : 'basic',
      issueType,
      agentId,
      legAgentIds: random.unit() < 0.06 ? [String(random.below(AGENTS) + 1).padStart(3, '0')] : [],
      teamId: `T${String((agent % TEAMS) + 1).padStart(2, '0')}`,
      channel: random.unit() < 0.04 ? 'video' : 'voice',
      direction: random.weighted(['inbound', 88, 'outbound', 11, 'internal', 1] as const),
      segment: random.weighted(SEGMENTS),
      industry: random.weighted(INDUSTRIES),
      phone,
      ticketIds: random.unit() < 0.2 ? [`TK-${random.below(1_000_000_000)}`] : [],
      findingCount: texts.join('').split('[').length - 1,
      texts,
    };
    yield { row, shown: { texts, agentName: `坐席${agentId}`, phoneMasked: maskPhone(phone) } };
  }
}

function busyMoment(random: ReturnType<typeof numbers>, untilMs: number, spanMs: number): Date {
  for (;;) {
    const at = new Date(untilMs - Math.floor(random.unit() * spanMs) - 1);
    const hour = (at.getUTCHours() + 8) % 24;
    const weekend = [0, 6].includes(new Date(at.getTime() + 8 * 3_600_000).getUTCDay());
    const load =
      (hour >= 9 && hour < 18 ? 1 : hour >= 7 && hour < 22 ? 0.4 : 0.06) * (weekend ? 0.6 : 1);
    if (random.unit() < load) return at;
  }
}

/** The n-th customer's number: of 11 digits, spread, never the same for two. */
function phoneOf(customer: number): string {
  const spread = (customer * 7_368_787 + 12_345) % 100_000_000;
  return `${['138', '139', '159', '186', '177'][customer % 5]}${String(spread).padStart(8, '0')}`;
}

function transcriptOf(
  random: ReturnType<typeof numbers>,
  said: string[],
  issueType: string,
  sensitive: boolean,
): string[] {
  const texts = [random.pick(OPENINGS), random.pick(PHRASES[issueType] ?? ['你好'])];
  const turns = 10 + random.below(16);
  for (let turn = 0; turn < turns; turn += 1) {
    const phrase = said[Math.floor(said.length ** random.unit()) - 1] ?? '好的';
    texts.push(random.unit() < 0.06 ? phrase + random.pick(REPLACED.slice(0, 3)) : phrase);
  }
  if (sensitive) texts.push(`我的号码是${random.pick(REPLACED.slice(3))}`);
  texts.push(random.pick(CLOSINGS));
  return texts;
}

export interface InsertOptions {
  keys: IndexKeys;
  /** Seals `shown` as the archive would, under a key of the record. */
  sealFields(call: GeneratedCall): Buffer | Promise<Buffer>;
  /** Puts the redacted transcript where the archive would. */
  sealTranscript?(call: GeneratedCall): Promise<void>;
  /** Rows of a transaction. */
  batchRows?: number;
}

/** Inserts through the index room's own functions; gives the milliseconds spent in the database. */
export async function insertRows(
  db: Db,
  calls: Iterable<GeneratedCall>,
  options: InsertOptions,
): Promise<{ rows: number; indexMs: number }> {
  let rows = 0;
  let indexMs = 0;
  let batch: CallRow[] = [];
  const flush = async () => {
    const started = performance.now();
    await db.transaction().execute((tx) => indexRecords(tx, batch, options.keys));
    indexMs += performance.now() - started;
    rows += batch.length;
    batch = [];
  };
  for (const call of calls) {
    await options.sealTranscript?.(call);
    batch.push({ ...call.row, fields: await options.sealFields(call) });
    if (batch.length >= (options.batchRows ?? 1000)) await flush();
  }
  if (batch.length > 0) await flush();
  return { rows, indexMs };
}

/** Index keys for throw-away catalogs. */
export function benchKeys(): IndexKeys {
  const key = (name: string) => createHash('sha256').update(`bench ${name}`).digest();
  return { epoch: 1, phone: key('phone'), text: key('text'), account: key('account') };
}
