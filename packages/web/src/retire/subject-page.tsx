import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { SubjectRequestDetail } from '@voxkeep/contract';
import { Skeleton } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { SUBJECTS, subjectQuery, underWayQuery } from '../api/subject-queries.ts';
import { callsOf } from '../i18n/calls-of.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { Deadline } from './deadline.tsx';
import { SubjectActions } from './subject-actions.tsx';
import { SubjectFacts } from './subject-facts.tsx';
import { SubjectKindMark, SubjectStateMark } from './subject-marks.tsx';
import { SubjectRecords } from './subject-records.tsx';
import '../access/request.css';
import './retire.css';

/** One request: who it is, what is asked, what becomes of each call, and what may be done now. */
export function SubjectPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/signed-in/compliance/requests/$id' });
  const found = useQuery(subjectQuery(id));
  return (
    <div className="page retire">
      <div className="page-head">
        <h1>
          {found.data === undefined
            ? t('subjects.title')
            : t('subjects.heading', { kind: t(`subjects.kind.${found.data.kind}`) })}
        </h1>
        <Link to="/compliance/requests">{t('subjects.back')}</Link>
        <span className="muted">{t('subjects.looked')}</span>
      </div>
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <div className="card" aria-busy="true">
          <Skeleton active paragraph={{ rows: 10 }} />
        </div>
      ) : (
        <OpenSubject request={found.data} />
      )}
    </div>
  );
}

function OpenSubject({ request }: { request: SubjectRequestDetail }) {
  return (
    <>
      <section className="card" data-testid="subject">
        <div className="retire-row" aria-live="polite">
          <SubjectKindMark kind={request.kind} />
          <SubjectStateMark state={request.state} />
          <Deadline request={request} />
          <UnderWay request={request} />
        </div>
        <SubjectActions request={request} />
        <SubjectFacts request={request} />
      </section>
      <SubjectRecords request={request} />
    </>
  );
}

/** How far what was granted is; when it is done the request is read anew, once. */
function UnderWay({ request: { id, kind, state, restricted } }: { request: SubjectRequestDetail }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const goesOn = state === 'granted' && kind !== 'copy';
  const { data } = useQuery({ ...underWayQuery(kind), enabled: goesOn });
  const still = data?.requests.find((one) => one.id === id);
  const isOver = goesOn && data !== undefined && still === undefined;
  useEffect(() => {
    if (isOver) void queries.invalidateQueries({ queryKey: SUBJECTS });
  }, [isOver, queries]);
  if (!goesOn) return null;
  return (
    <span className="muted" data-testid="under-way">
      {t('subjects.going', { calls: callsOf(t, still?.restricted ?? restricted) })}
    </span>
  );
}
