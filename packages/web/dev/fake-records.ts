import type { RecordView, SearchHit, TranscriptView } from '@voxkeep/contract';

/** Made-up calls, the same at every start: call number n is always the same call. */
export const CALLS = 12_480;
const NEWEST = Date.UTC(2026, 10, 24, 2, 0, 0);

const AGENTS = [
  '王晓燕',
  '李志强',
  '陈思雨',
  '赵国栋',
  '周敏',
  '孙倩',
  '吴浩然',
  '郑丽娟',
  '何伟',
  '林小雨',
];
const TEAMS = ['一组', '二组', '夜班组', '贵宾组'];
const SEGMENTS = ['个人', '企业', '贵宾', '老年客户'];

type Finding = SearchHit extends never ? never : RecordView['findingCounts'][number]['type'];
interface Story {
  issue: string;
  tier: SearchHit['tier'];
  channel: SearchHit['channel'];
  finding?: Finding;
  lines: string[];
  because: string;
}

const STORIES: Story[] = [
  {
    ...{ issue: '业务咨询', tier: 'basic', channel: 'voice', because: '未命中核心或敏感规则' },
    lines: [
      '您好，这里是客服中心，请问有什么可以帮您？',
      '你好，我想问一下你们营业厅周末几点开门。',
      '周末上午九点到下午五点半，中午不休息。',
      '那我周六上午过去办套餐变更，需要带什么材料？',
      '带上本人有效证件就可以，大概十分钟能办好。',
      '好的，谢谢你。',
      '不客气，感谢您的来电，再见。',
    ],
  },
  {
    ...{ issue: '设备故障', tier: 'core', channel: 'voice', because: '转写命中“冒烟”“烧焦”' },
    lines: [
      '您好，售后热线，请讲。',
      '我家热水器刚才冒烟了，还有烧焦的味道！',
      '请您先断开电源和燃气，打开窗户，人离开厨房。现在有人不舒服吗？',
      '已经断电了，人没事，就是吓坏了。',
      '好的，我马上升级为紧急工单，师傅两小时内上门，请留意电话[手机号]。',
      '那请尽快，家里有老人。',
      '已备注，我会跟进到师傅到场为止。',
    ],
    finding: 'phone',
  },
  {
    ...{ issue: '身份核实', tier: 'sensitive', channel: 'voice', because: '发现身份证号 1 处' },
    lines: [
      '您好，为保障账户安全，需要核实一下您的身份信息。',
      '好的，我的身份证号是[身份证号]。',
      '请问预留的手机号后四位是多少？',
      '是[手机号]。',
      '核实通过，您的解约申请已经提交，三个工作日内生效。',
      '好，谢谢。',
    ],
    finding: 'id_card',
  },
  {
    ...{ issue: '客户纠纷', tier: 'core', channel: 'voice', because: '转写命中“退款”“投诉到消协”' },
    lines: [
      '您好，请问有什么可以帮您？',
      '退款都申请半个月了，怎么还没到账？再不处理我投诉到消协。',
      '非常抱歉给您带来不便，我先查一下这笔退款的进度。',
      '每次都说查一下，上次也是这么说的。',
      '系统显示银行退回了一次，我现在为您重新发起，并登记赔付。',
      '多久能到？',
      '一到三个工作日，我会在明天下午四点前给您回电。',
    ],
  },
  {
    ...{ issue: '贷款咨询', tier: 'sensitive', channel: 'voice', because: '发现银行卡号 1 处' },
    lines: [
      '您好，信贷中心。',
      '我想提前还款，卡号是[银行卡号]。',
      '好的，提前还款需要提前五个工作日预约。',
      '有违约金吗？',
      '满一年后免收违约金，您的合同已满一年。',
      '那帮我预约下周一。',
    ],
    finding: 'bank_card',
  },
  {
    ...{ issue: '视频通话协助', tier: 'core', channel: 'video', because: '含视频录像' },
    lines: [
      '您好，我已经收到您的视频邀请，现在能看到画面吗？',
      '能看到，就是这个空调不制冷，显示代码一闪一闪的。',
      '请把镜头对准室外机的铭牌。',
      '这样可以吗？',
      '看清楚了，是 E6 故障，通讯线松动，我安排师傅上门。',
    ],
  },
];

function noise(n: number, salt: number): number {
  let x = Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  return ((x ^ (x >>> 13)) >>> 0) / 2 ** 32;
}

const WEIGHTS = [0.55, 0.68, 0.78, 0.89, 0.96, 1];
const storyOf = (n: number): Story => {
  const roll = noise(n, 1);
  return STORIES[WEIGHTS.findIndex((weight) => roll < weight)] as Story;
};
const pick = <T>(list: readonly T[], n: number, salt: number): T =>
  list[Math.floor(noise(n, salt) * list.length)] as T;

export function idOf(n: number): string {
  const hex = (CALLS - n).toString(16).padStart(12, '0');
  return `0198c4d2-7a10-7c3e-9b54-${hex}`;
}

export function numberOf(id: string): number | undefined {
  const n = CALLS - Number.parseInt(id.slice(-12), 16);
  return n >= 0 && n < CALLS ? n : undefined;
}

export function hitOf(n: number, text?: string): SearchHit {
  const story = storyOf(n);
  const agent = Math.floor(noise(n, 2) * AGENTS.length);
  const spoken =
    story.lines.find((line) => text !== undefined && line.includes(text)) ?? story.lines[1] ?? '';
  const mark = text === undefined ? -1 : spoken.indexOf(text);
  return {
    id: idOf(n),
    startedAt: new Date(NEWEST - n * 617_000 - Math.floor(noise(n, 3) * 400_000)).toISOString(),
    durationS: (Math.floor(transcriptOf(n).turns.at(-1)?.endMs ?? 0) / 1000 + 1) | 0,
    tier: story.tier,
    issueType: story.issue,
    channel: story.channel,
    direction: noise(n, 4) < 0.85 ? 'inbound' : 'outbound',
    agentId: String(1001 + agent),
    agentName: AGENTS[agent] as string,
    team: TEAMS[agent % TEAMS.length] as string,
    segment: pick(SEGMENTS, n, 5),
    ...(noise(n, 6) < 0.96
      ? {
          phoneMasked: `1${pick(['38', '39', '86', '57'], n, 7)}****${String(1000 + ((n * 37) % 9000))}`,
        }
      : {}),
    findingCount: transcriptOf(n)
      .turns.flatMap((turn) => turn.words)
      .filter((word) => word.masked).length,
    snippet: spoken,
    marks: text === undefined || mark < 0 ? [] : [[mark, mark + text.length]],
    canOpen: n % 23 !== 7,
    ...(n % 23 === 7 ? { refusal: '该通话已指派给其他危机处理小组' } : {}),
  };
}

const MASKS: Record<string, Finding> = {
  '[手机号]': 'phone',
  '[身份证号]': 'id_card',
  '[银行卡号]': 'bank_card',
};
const known = new Map<number, TranscriptView>();

export function transcriptOf(n: number): TranscriptView {
  const cached = known.get(n);
  if (cached !== undefined) return cached;
  const repeats = 1 + Math.floor(noise(n, 8) * 5);
  let at = 600;
  const turns: TranscriptView['turns'] = [];
  for (let round = 0; round < repeats; round += 1) {
    for (const [index, line] of storyOf(n).lines.entries()) {
      const startMs = at;
      const words = [...line.matchAll(/\[[^\]]+\]|[\p{Script=Han}]{1,2}|\w+/gu)].map(([text]) => {
        const word = { text, startMs: at, endMs: at + text.length * 190 };
        at = word.endMs + 20;
        const masked = MASKS[text];
        return masked === undefined ? word : { ...word, masked };
      });
      const channel = index % 2;
      turns.push({
        ...{ channel, speaker: channel === 0 ? 'agent' : 'customer', text: line },
        ...{ startMs, endMs: at, words },
      });
      at += 500;
    }
  }
  const made: TranscriptView = { language: 'zh-CN', turns };
  if (known.size < 20_000) known.set(n, made);
  return made;
}

export function recordOf(n: number, id: string): RecordView {
  const hit = hitOf(n);
  const { turns } = transcriptOf(n);
  const durationMs = hit.durationS * 1000;
  const masked = turns.flatMap(({ channel, words }) =>
    words
      .filter((word) => word.masked !== undefined)
      .map(({ startMs, endMs, masked: type }) => ({
        ...{ channel, startMs: startMs - 100, endMs: endMs + 100 },
        ...(type === undefined ? {} : { type }),
      })),
  );
  const counts = new Map<Finding, number>();
  for (const { type } of masked) if (type) counts.set(type, (counts.get(type) ?? 0) + 1);
  const started = new Date(hit.startedAt).getTime();
  const video = hit.channel === 'video';
  return {
    ...{ id, state: 'archived', startedAt: hit.startedAt, durationMs, tier: hit.tier },
    receivedAt: new Date(started + durationMs + 4000).toISOString(),
    archivedAt: new Date(started + durationMs + 9000).toISOString(),
    ...{ issueType: hit.issueType, industry: '家电售后', segment: hit.segment as string },
    ...{ channel: hit.channel, direction: hit.direction, sourceSystem: 'asterisk-hq' },
    agent: { id: hit.agentId, name: hit.agentName as string },
    ...{ team: hit.team as string, queue: '售后热线' },
    customer: { nameMasked: '张**', ...(hit.phoneMasked ? { phoneMasked: hit.phoneMasked } : {}) },
    demand: '客户来电反映问题并要求尽快处理，希望当日内得到答复。',
    ...(n % 4 === 3 ? {} : { agentNote: '已核实情况并安排跟进，预计两小时内回访；客户情绪平稳。' }),
    feedback: { score: 4, comment: '态度好，处理及时' },
    ticketIds: ['GD-20261124-0317'],
    events: [
      { type: 'queued', offsetMs: 0 },
      { type: 'answered', offsetMs: Math.round(durationMs * 0.06) },
      ...(video ? [{ type: 'video_invited', offsetMs: Math.round(durationMs * 0.2) }] : []),
      { type: 'held', offsetMs: Math.round(durationMs * 0.45), note: '查询退款进度' },
      { type: 'resumed', offsetMs: Math.round(durationMs * 0.58) },
      { type: 'hung_up', offsetMs: durationMs },
    ],
    media: {
      ...{ kind: video ? 'video' : 'audio', url: `/api/v1/records/${id}/media`, channels: 2 },
      ...{ mediaType: video ? 'video/mp4' : 'audio/wav', codec: video ? 'hevc' : 'pcm_s16le' },
      ...(video ? { h264Url: `/api/v1/records/${id}/media/h264` } : {}),
      ...{ sampleRate: 8000, peaksUrl: `/api/v1/records/${id}/peaks` },
    },
    screenshots: [],
    masked,
    findingCounts: [...counts].map(([type, count]) => ({ type, count })),
    classification: [
      { field: 'tier', rule: `tier.${hit.tier}.2`, because: storyOf(n).because },
      { field: 'issueType', rule: 'issue.keywords.7', because: `关键词归类为“${hit.issueType}”` },
    ],
    retention: {
      keepUntil: hit.tier === 'basic' ? '2029-11-24' : '2031-11-24',
      rule: `retention.${hit.tier}`,
      clause: '《消费者权益保护法实施条例》及本单位留存制度第 12 条',
      ...{ verified: '2026-08-01 法务', openEnded: false },
      alsoApplied: [
        { rule: 'retention.industry', clause: '家电售后档案管理办法', keepUntil: '2028-11-24' },
      ],
    },
    copies: [
      { site: 'hq', verifiedAt: new Date(started + durationMs + 8000).toISOString() },
      { site: 'branch', verifiedAt: new Date(started + durationMs + 8500).toISOString() },
      { site: 'cloud' },
    ],
    may: ['view', 'stream', 'read_transcript', 'trail'],
    refused: [
      {
        ...{ action: 'download', rule: 'qa.stream-only', askWhom: 'compliance' },
        reason: '质检只能在线播放，不得下载',
      },
      {
        ...{ action: 'original', rule: 'dual-approval', askWhom: 'approver' },
        reason: '调取未脱敏原件须经两名审批人批准',
      },
    ],
  };
}

export const VOCABULARY = {
  issueTypes: STORIES.map(({ issue }) => issue),
  agents: AGENTS.map((name, at) => ({ id: String(1001 + at), name })),
  ...{ teams: TEAMS, segments: SEGMENTS, industries: ['家电售后'] },
};
