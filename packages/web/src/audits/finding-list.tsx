import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { AuditCheckId, AuditFindingState, AuditFindingView } from '@voxkeep/contract';
import { Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { auditFindingsQuery } from '../api/audit-queries.ts';
import { labelOf } from '../i18n/label-of.ts';
import { MoreButton } from '../shell/more-button.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { FindingActions } from './finding-actions.tsx';
import { wordsIn } from './words-in.ts';

const STATES = ['open', 'accepted', 'fixed'] as const;

/** What a check found, with what to do about each. */
export function FindingList({ runId, check }: { runId: string; check: AuditCheckId }) {
  const { t } = useTranslation();
  const [state, setState] = useState<AuditFindingState>();
  const found = useInfiniteQuery(auditFindingsQuery(runId, check, state));
  const findings = found.data?.pages.flatMap((page) => page.findings) ?? [];
  return (
    <div className="audit-findings" data-testid="audit-findings">
      <Segmented
        size="small"
        aria-label={t('audits.findings')}
        value={state ?? 'all'}
        options={[
          { value: 'all', label: t('audits.filterAll') },
          ...STATES.map((value) => ({ value, label: t(`auditState.${value}`) })),
        ]}
        onChange={(value) => setState(STATES.find((one) => one === value))}
      />
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Skeleton active paragraph={{ rows: 3 }} />
      ) : findings.length === 0 ? (
        <p className="muted">{t('audits.noFindings')}</p>
      ) : (
        <ul>
          {findings.map((finding) => (
            <Finding key={finding.id} finding={finding} />
          ))}
        </ul>
      )}
      <MoreButton found={found} label={t('audits.more')} />
    </div>
  );
}

function Finding({ finding }: { finding: AuditFindingView }) {
  const { t, i18n } = useTranslation();
  const { severity, wrong, fix, retest, site, detail, state, reason } = finding;
  const words = (text: AuditFindingView['wrong']) => wordsIn(text, i18n.language);
  const facts = Object.entries(detail).filter(([name]) => name !== 'record');
  return (
    <li className={`audit-finding severity-${severity}`} data-testid="audit-finding">
      <p>
        <span className="audit-severity">{t(`auditSeverity.${severity}`)}</span>{' '}
        <strong>{words(wrong)}</strong> <span className="muted">{t(`auditState.${state}`)}</span>
      </p>
      <p className="audit-subject">
        <Subject finding={finding} />
        {site === undefined ? null : <span>{labelOf('site', site)}</span>}
        {facts.map(([name, value]) => (
          <code key={name}>
            {name}: {String(value)}
          </code>
        ))}
      </p>
      <dl>
        <dt>{t('audits.fix')}</dt>
        <dd>{words(fix)}</dd>
        <dt>{t('audits.retestHow')}</dt>
        <dd>{words(retest)}</dd>
        {reason === undefined ? null : (
          <>
            <dt>{t('audits.acceptReason')}</dt>
            <dd>{reason}</dd>
          </>
        )}
      </dl>
      {state === 'open' ? <FindingActions finding={finding} /> : null}
    </li>
  );
}

/** What it is about; a record opens. */
function Subject({ finding: { subject, detail } }: { finding: AuditFindingView }) {
  const { t } = useTranslation();
  const record = subject.kind === 'record' ? subject.id : detail['record'];
  return (
    <span>
      {t(`auditSubject.${subject.kind}`)} <code>{subject.id}</code>
      {typeof record === 'string' ? (
        <>
          {' · '}
          <Link to="/records/$id" params={{ id: record }}>
            {t('auditSubject.record')} <code>{record}</code>
          </Link>
        </>
      ) : null}
    </span>
  );
}
