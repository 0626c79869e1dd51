import { CalendarOutlined, LockFilled, StopOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RecordRetention, RecordView } from '@voxkeep/contract';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { termQuery } from '../api/term-queries.ts';
import { labelOf } from '../i18n/label-of.ts';
import { writeInstant } from '../i18n/moments.ts';
import { writeList } from '../i18n/write-list.ts';
import { Panel } from '../record/panel.tsx';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { RecordHoldList } from './record-hold-list.tsx';
import { TermAnchors } from './term-anchors.tsx';
import './retention-panel.css';

/**
 * Until when it must be kept, by which clause, and what else applies; then everything that this rests on, at
 * once for whoever answers for it. To others on demand: each look stands in the ledger.
 */
export function RetentionPanel({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  const session = useSession();
  const answers = mayOpen(session, 'manageRetention') || mayOpen(session, 'audits');
  const [asked, setAsked] = useState(answers);
  const term = useQuery({ ...termQuery(record.id), enabled: asked });
  return (
    <Panel title={t('record.retention')} testId="retention">
      <Until term={term.data ?? record.retention} />
      {term.isError ? (
        <ProblemPanel error={term.error} onRetry={() => void term.refetch()} />
      ) : term.data !== undefined ? (
        <Particulars term={term.data} />
      ) : asked ? (
        <Skeleton active title={false} paragraph={{ rows: 6 }} />
      ) : (
        <Button
          size="small"
          className="panel-action"
          onClick={() => setAsked(true)}
          data-testid="retention-more"
        >
          {t('term.details')}
        </Button>
      )}
    </Panel>
  );
}

/** Another rule that applies; whether its end is open is known once everything is there. */
type Other = RecordView['retention']['alsoApplied'][number] & { openEnded?: boolean };

/** The answer first. */
function Until({ term }: { term: RecordView['retention'] | RecordRetention }) {
  const { t } = useTranslation();
  const { openEnded, keepUntil, clause, verified, rule } = term;
  const others: readonly Other[] = term.alsoApplied;
  return (
    <>
      <div data-testid="retention-line">
        <p className="retention-until">
          {t(openEnded ? 'record.openEnded' : 'record.keepUntil', { date: keepUntil })}
        </p>
        <p>{t('record.clause', { clause })}</p>
      </div>
      <p className="muted">
        {t('record.verified', { verified: labelOf('verified', verified) })}
        <code className="rule">{t('record.rule', { rule })}</code>
      </p>
      {others.length === 0 ? null : (
        <>
          <p className="muted">{t('record.alsoApplied')}</p>
          <ul className="muted bullets">
            {others.map((one) => (
              <li key={one.rule} title={one.rule}>
                {t(one.openEnded === true ? 'term.alsoOpen' : 'record.alsoLine', {
                  ...{ clause: one.clause, date: one.keepUntil },
                })}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

/** What `voxkeep retention explain` says of the record. */
function Particulars({ term }: { term: RecordRetention }) {
  const { t, i18n } = useTranslation();
  const { source, from, restricted, holds, given, rules } = term;
  const causes = restricted.map((cause) => labelOf('term.cause', cause));
  return (
    <div className="term" data-testid="term">
      <p className="muted">
        {t('term.from', { anchor: t(`term.anchor.${from}`) })}
        {' · '}
        {t('term.version', { n: rules })}
      </p>
      {source === undefined ? null : <p className="muted">{t('term.source', { source })}</p>}
      {given ? null : <p className="state-held">{t('term.notGiven')}</p>}
      {causes.length === 0 ? null : (
        <p className="term-line state-held" data-testid="term-restricted">
          <StopOutlined aria-hidden="true" />
          <span>{t('term.restricted', { causes: writeList(causes, i18n.language) })}</span>
        </p>
      )}
      <p className={`term-line${holds > 0 ? ' state-held' : ''}`} data-testid="term-holds">
        <LockFilled aria-hidden="true" />
        <span>{holds > 0 ? t('term.holds', { n: holds }) : t('term.holdsNone')}</span>
      </p>
      {holds > 0 ? <RecordHoldList recordId={term.recordId} /> : null}
      <Due term={term} />
      <TermAnchors term={term} />
    </div>
  );
}

/** From when on it may go, and by when it has to. */
function Due({ term: { dueOn, atMost, how, openEnded } }: { term: RecordRetention }) {
  const { t } = useTranslation();
  const session = useSession();
  const today = writeInstant(new Date().toISOString(), session.timeZone).slice(0, 10);
  const isDue = dueOn !== undefined && dueOn <= today;
  return (
    <p className={`term-line${isDue ? ' state-bad' : ''}`} data-testid="term-due">
      <CalendarOutlined aria-hidden="true" />
      <span>
        {dueOn === undefined
          ? openEnded
            ? t('term.notDue')
            : null
          : t(isDue ? 'term.dueNow' : 'term.dueOn', { day: dueOn, how: t(`term.how.${how}`) })}
        {isDue && mayOpen(session, 'manageRetention') ? (
          <Link to="/compliance/disposals" className="term-most">
            {t('term.toDisposals')}
          </Link>
        ) : null}
        {atMost === undefined ? null : (
          <span className="muted term-most">{t('term.atMost', { day: atMost })}</span>
        )}
      </span>
    </p>
  );
}
