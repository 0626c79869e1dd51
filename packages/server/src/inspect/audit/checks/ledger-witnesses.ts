import { check, HOUR_MS } from '../check.ts';

/** Whether somebody else countersigns the log, and has done so lately. */
export const ledgerWitnesses = check<'NOT_WITNESSED' | 'WITNESS_LATE'>({
  title: { zh: '账本：独立见证', en: 'Ledger: independent witnesses' },
  retest: {
    zh: '重新读取见证方配置及最近一次达到法定数的联署时间。',
    en: 'The witnesses and the time of the last quorum are read again.',
  },
  codes: {
    NOT_WITNESSED: {
      severity: 'low',
      wrong: { zh: '未配置独立见证方', en: 'No independent witness is configured' },
      fix: {
        zh: '在分公司与云端各运行一个见证程序（voxkeep witness），并写入 VOXKEEP_WITNESSES。',
        en: 'Run a witness (voxkeep witness) at branch and cloud, and name them in VOXKEEP_WITNESSES.',
      },
    },
    WITNESS_LATE: {
      severity: 'high',
      wrong: { zh: '见证方超过时限未联署', en: 'Witnesses have not countersigned for too long' },
      fix: {
        zh: '恢复见证方的连通；若其所见历史不同，按 docs/operations.md 处置。',
        en: 'Bring the witnesses back; where they have seen another history, follow docs/operations.md.',
      },
    },
  },
  async run({ witnesses, asOf, limits }) {
    const { vkeys, quorum, witnessedAt } = witnesses();
    const subject = { kind: 'archive' as const, id: 'ledger' };
    if (quorum === 0) return { looked: 0, findings: [{ code: 'NOT_WITNESSED', subject }] };
    const late = asOf.getTime() - limits.witnessHours * HOUR_MS;
    const isLate = witnessedAt === undefined || witnessedAt.getTime() < late;
    return { looked: vkeys.length, findings: isLate ? [{ code: 'WITNESS_LATE', subject }] : [] };
  },
});
