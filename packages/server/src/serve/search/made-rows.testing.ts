import { fixedClock } from '../../core/clock.ts';
import { newUuidV7 } from '../../core/ids.ts';
import type { CallRow } from '../../index/index.ts';

export const ISSUES = ['设备故障', '业务咨询', '客户纠纷'];
export const WORDS = ['打印机', '故障', '退款', '宽带', '账单', 'wifi', '保修', '投诉', '登录'];

/** Deterministic, dense around the boundaries that queries name. */
export function makeRows(count: number): CallRow[] {
  let seed = 7;
  const next = (limit: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * limit);
  };
  const pick = <T>(values: readonly T[]): T => values[next(values.length)] as T;
  return Array.from({ length: count }, (_, at) => {
    const hour = next(24 * 60);
    const startedAt = new Date(Date.parse('2025-07-25T00:00:00Z') + hour * 3_600_000 + (at % 2));
    const texts = [`${pick(WORDS)}${pick(WORDS)}怎么办`, `请问${pick(WORDS)} ${pick(WORDS)}`];
    const phone = `138${String(next(40)).padStart(4, '0')}${2640 + next(5)}`;
    const row: CallRow = {
      ...{ id: newUuidV7(fixedClock(startedAt)), startedAt, durationMs: next(600_000) },
      tier: pick(['basic', 'core', 'sensitive'] as const),
      issueType: pick(ISSUES),
      agentId: pick(['001', '002', '003']),
      legAgentIds: next(10) === 0 ? ['004'] : [],
      teamId: pick(['a', 'b']),
      segment: pick(['VIP', '普通']),
      channel: pick(['voice', 'video'] as const),
      direction: pick(['inbound', 'outbound'] as const),
      phone,
      ticketIds: [`T${next(50)}`],
      findingCount: next(3),
      texts,
      fields: Buffer.from(JSON.stringify({ texts, phoneMasked: 'x' })),
    };
    return row;
  });
}
