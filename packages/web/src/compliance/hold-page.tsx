import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { HoldView } from '@voxkeep/contract';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { holdQuery } from '../api/compliance-queries.ts';
import { FilterWords } from '../search/filter-words.tsx';
import { readFilters } from '../search/filters.ts';
import { mayDo } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { CustodianList } from './custodian-list.tsx';
import { HoldActions } from './hold-actions.tsx';
import { HoldMark } from './hold-mark.tsx';
import { HoldRecordList } from './hold-record-list.tsx';
import { Mark } from './mark.tsx';
import '../access/ask-form.css';
import './holds.css';

/** One matter: what it keeps and why, how far its search is, who has read of it, and how it ended. */
export function HoldPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/signed-in/compliance/holds/$id' });
  const hold = useQuery(holdQuery(id));
  return (
    <div className="page compliance">
      {hold.isError ? (
        <ProblemPanel error={hold.error} onRetry={() => void hold.refetch()}>
          <Link to="/compliance/holds">{t('compliance.holds.back')}</Link>
        </ProblemPanel>
      ) : hold.data === undefined ? (
        <div className="card" aria-busy="true">
          <Skeleton active paragraph={{ rows: 12 }} />
        </div>
      ) : (
        <OpenHold hold={hold.data} />
      )}
    </div>
  );
}

function OpenHold({ hold }: { hold: HoldView }) {
  const { t } = useTranslation();
  const session = useSession();
  const acts = hold.state === 'living' && mayDo(session, 'hold');
  return (
    <>
      <div className="page-head">
        <h1 className="hold-title">{hold.matter}</h1>
        <HoldMark state={hold.state} />
        <div className="page-head-end">
          <Link to="/compliance/holds">{t('compliance.holds.back')}</Link>
        </div>
      </div>
      {acts ? <HoldActions hold={hold} /> : null}
      <div className="hold-columns">
        <Facts hold={hold} />
        <CustodianList hold={hold} />
      </div>
      <HoldRecordList hold={hold} acts={acts} />
    </>
  );
}

function Facts({ hold }: { hold: HoldView }) {
  const { t } = useTranslation();
  const { state, records, reason, search, placedAt, placedBy, placedByName, exempted } = hold;
  const { releasedAt, releasedBy, releasedByName, releaseReason } = hold;
  return (
    <section className="card" aria-labelledby="hold-facts">
      <h2 id="hold-facts">{t('compliance.holds.facts')}</h2>
      <dl className="pairs">
        <dt>{t('compliance.holds.records')}</dt>
        <dd>
          <strong className="num" data-testid="hold-records-count">
            {records.toLocaleString('en')}
          </strong>
          {exempted === 0 ? null : (
            <span className="muted">
              {' '}
              {t('compliance.holds.exempted', { n: exempted.toLocaleString('en') })}
            </span>
          )}
          {state === 'released' && records > 0 ? (
            <span className="muted"> {t('compliance.holds.lettingGo')}</span>
          ) : null}
        </dd>
        <dt>{t('compliance.holds.reason')}</dt>
        <dd className="hold-words">{reason}</dd>
        <dt>{t('compliance.holds.placed')}</dt>
        <dd>
          <span title={placedBy}>{placedByName ?? placedBy}</span> <Moment at={placedAt} exact />
        </dd>
        <dt>{t('compliance.holds.catching')}</dt>
        <dd>
          {search === undefined ? (
            t('compliance.holds.chosenOnly')
          ) : (
            <>
              <FilterWords filters={readFilters(search)} />
              <Catching hold={hold} />
            </>
          )}
        </dd>
        {releasedAt === undefined ? null : (
          <>
            <dt>{t('compliance.holds.filter.released')}</dt>
            <dd data-testid="hold-released">
              <span title={releasedBy}>{releasedByName ?? releasedBy}</span>{' '}
              <Moment at={releasedAt} exact />
              <p className="hold-words">{releaseReason}</p>
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** How far the search is through the calls that were there before it. */
function Catching({ hold: { state, walking, progress } }: { hold: HoldView }) {
  const { t } = useTranslation();
  if (state === 'released') return <p className="muted">{t('compliance.holds.catchesNoMore')}</p>;
  const reachedAt = progress?.reachedAt;
  const caughtUpTo = progress?.caughtUpTo;
  if (!walking) {
    return (
      <p data-testid="hold-caught-up">
        <Mark tone="good">{t('compliance.holds.caughtUp')}</Mark>{' '}
        {caughtUpTo === undefined ? null : <Moment at={caughtUpTo} />}
      </p>
    );
  }
  return (
    <p aria-live="polite">
      <Mark tone="soon">{t('compliance.holds.walking')}</Mark>{' '}
      {reachedAt === undefined ? null : (
        <>
          {t('compliance.holds.reached')} <Moment at={reachedAt} exact />
        </>
      )}
      <span className="muted hold-note">{t('compliance.holds.heldAnyway')}</span>
    </p>
  );
}
