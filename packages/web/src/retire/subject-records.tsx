import { useInfiniteQuery } from '@tanstack/react-query';
import type { SubjectRecord, SubjectRequestDetail } from '@voxkeep/contract';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { subjectRecordsQuery } from '../api/subject-queries.ts';
import { writeInstant } from '../i18n/moments.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { MoreButton } from '../shell/more-button.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { TierMark } from '../theme/tier-mark.tsx';
import { RecordLink } from './record-link.tsx';
import { ScrollBox } from './scroll-box.tsx';

/** The person's calls: on which day each goes because of which rule, or why it stays. */
export function SubjectRecords({ request }: { request: SubjectRequestDetail }) {
  const { t } = useTranslation();
  const found = useInfiniteQuery(subjectRecordsQuery(request));
  const records = found.data?.pages.flatMap((page) => page.records) ?? [];
  const { kind, state } = request;
  const ofErasure = kind === 'erasure' && state !== 'received' && state !== 'refused';
  return (
    <section className="card" aria-labelledby="subject-records" data-testid="subject-records">
      <div className="retire-row">
        <h2 id="subject-records">
          {ofErasure
            ? t('subjects.recordsRestricted')
            : t('subjects.records', { n: request.records.toLocaleString('en') })}
        </h2>
        <span className="muted">{t('subjects.recordsHint')}</span>
      </div>
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Skeleton active title={false} paragraph={{ rows: 4 }} />
      ) : records.length === 0 ? (
        <p className="muted">{t('subjects.recordsEmpty')}</p>
      ) : (
        <Records records={records} />
      )}
      <MoreButton found={found} label={t('subjects.moreRecords')} />
    </section>
  );
}

function Records({ records }: { records: readonly SubjectRecord[] }) {
  const { t } = useTranslation();
  return (
    <ScrollBox label={t('subjects.recordsHint')}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t('subjects.correctionRecord')}</th>
            <th scope="col">{t('subjects.startedAt')}</th>
            <th scope="col">{t('disposals.tier')}</th>
            <th scope="col">{t('subjects.recordState')}</th>
            <th scope="col">{t('subjects.fate')}</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.id} data-testid="subject-record" data-id={record.id}>
              <th scope="row">
                <RecordLink id={record.id} />
              </th>
              <td>
                <Moment at={record.startedAt} exact />
              </td>
              <td>{record.tier === undefined ? '–' : <TierMark tier={record.tier} short />}</td>
              <td>{t(`state.${record.state}`)}</td>
              <td data-testid="fate">
                <Fate record={record} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** "Goes on DAY because of RULE", or what keeps it. */
function Fate({ record: { because, goesOn, rule = '' } }: { record: SubjectRecord }) {
  const { t } = useTranslation();
  const { timeZone } = useSession();
  if (because !== 'rule') {
    return (
      <span className={because === 'held' ? 'state-held' : undefined}>
        {t(`subjects.stays.${because}`, { rule })}
      </span>
    );
  }
  if (goesOn === undefined) return <span>{t('subjects.stays.no_term')}</span>;
  const today = writeInstant(new Date().toISOString(), timeZone).slice(0, 10);
  return (
    <span>
      {t(goesOn <= today ? 'subjects.goesNow' : 'subjects.goesOn', { day: goesOn, rule })}
    </span>
  );
}
