import type { AuditFindingView, AuditReport, AuditWords } from '@voxkeep/contract';
import type { Paper, PaperBlock } from '../../core/paper.ts';

export type PaperLanguage = 'zh-CN' | 'en';

const WORDS = {
  'zh-CN': {
    title: '合规审计报告',
    ...{ archive: '档案库', run: '审计编号', asOf: '基准时间（UTC）', ended: '完成时间（UTC）' },
    ...{ by: '发起人', seed: '抽样种子', outcome: '结论', checks: '检查', looked: '核查对象' },
    ...{ findings: '发现', open: '待处理', accepted: '已接受', notRun: '未执行', check: '检查项' },
    ...{
      wrong: '问题',
      about: '对象',
      severity: '严重程度',
      fix: '处理',
      retest: '复测',
      state: '状态',
    },
    ...{
      passed: '通过',
      failed: '未通过',
      noted: '有提示',
      'not-run': '未执行',
      none: '没有发现。',
    },
    ...{ low: '提示', medium: '中', high: '高', critical: '严重', fixed: '已修复' },
    unlisted: '另有发现未逐条列出，仅计入数量：',
  },
  en: {
    title: 'Compliance audit report',
    ...{ archive: 'Archive', run: 'Audit', asOf: 'As of (UTC)', ended: 'Ended (UTC)' },
    ...{ by: 'Begun by', seed: 'Seed of samples', outcome: 'Outcome', checks: 'Checks' },
    ...{ looked: 'Looked at', findings: 'Findings', open: 'Open', accepted: 'Accepted' },
    ...{ notRun: 'Did not run', check: 'Check', wrong: 'What is wrong', about: 'Of what' },
    ...{ severity: 'Severity', fix: 'What to do', retest: 'How it is tried again', state: 'State' },
    ...{ passed: 'Passed', failed: 'Failed', noted: 'Noted', 'not-run': 'Did not run' },
    ...{ none: 'Nothing was found.', low: 'Low', medium: 'Medium', high: 'High' },
    ...{ critical: 'Critical', fixed: 'Fixed' },
    unlisted: 'Findings that are counted and not listed: ',
  },
} as const;

/** The archived report as it is printed. `sha256` is that of the sealed report, as the ledger has it. */
export function reportPaper(report: AuditReport, language: PaperLanguage, sha256: string): Paper {
  const words = WORDS[language];
  const say = ({ zh, en }: AuditWords) => (language === 'en' ? en : zh);
  const { run, checks, findings, unlisted } = report;
  const { figures, outcome = 'failed' } = run;
  const count = (name: 'looked' | 'findings' | 'open' | 'accepted' | 'notRun') => ({
    ...{ name: words[name], value: String(figures?.[name] ?? 0) },
  });
  return {
    title: words.title,
    facts: [
      { name: words.outcome, value: words[outcome] },
      { name: words.archive, value: report.archiveId },
      { name: words.run, value: run.id },
      { name: words.asOf, value: run.asOf },
      { name: words.ended, value: run.endedAt ?? '' },
      { name: words.by, value: run.by },
      { name: words.seed, value: run.seed },
      ...[count('looked'), count('findings'), count('open'), count('accepted'), count('notRun')],
      { name: 'SHA-256', value: sha256 },
    ],
    blocks: [
      { kind: 'heading', text: words.checks },
      {
        kind: 'table',
        columns: [
          { name: words.check, share: 6 },
          { name: words.outcome, share: 2 },
          { name: words.looked, share: 1.5 },
          { name: words.findings, share: 1.2 },
        ],
        rows: checks.map(({ id, title, outcome: end = 'not-run', code, looked, findings: n }) => [
          `${say(title)} (${id})`,
          code === undefined ? words[end] : `${words[end]} ${code}`,
          ...[String(looked), String(n)],
        ]),
      },
      { kind: 'heading', text: words.findings },
      ...(findings.length === 0 ? [{ kind: 'text' as const, text: words.none }] : []),
      ...checks.flatMap(({ id, title }): PaperBlock[] => {
        const own = findings.filter(({ check }) => check === id);
        if (own.length === 0) return [];
        return [
          { kind: 'text', text: `${say(title)} (${id})` },
          {
            kind: 'table',
            columns: [
              { name: words.wrong, share: 3 },
              { name: words.about, share: 3.4 },
              { name: words.severity, share: 1.2 },
              { name: words.fix, share: 3.4 },
              { name: words.state, share: 1.2 },
            ],
            rows: own.map((one) => [
              `${say(one.wrong)} ${one.code}`,
              aboutOf(one),
              words[one.severity],
              `${say(one.fix)} ${words.retest}: ${say(one.retest)}`,
              words[one.state],
            ]),
          },
        ];
      }),
      ...(unlisted > 0 ? [{ kind: 'text' as const, text: `${words.unlisted}${unlisted}` }] : []),
    ],
    foot: `${words.title} ${run.id}`,
    madeAt: new Date(run.endedAt ?? run.asOf),
  };
}

function aboutOf({ subject, site, detail }: AuditFindingView): string {
  const facts = Object.entries(detail).map(([name, value]) => `${name}=${value}`);
  const at = site === undefined ? [] : [`@${site}`];
  return [`${subject.kind} ${subject.id}`, ...at, ...facts].join(' ');
}
