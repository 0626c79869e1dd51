import { ExclamationCircleFilled, WarningFilled } from '@ant-design/icons';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { SubjectRequestsView } from '@voxkeep/contract';
import { Button, Segmented, Select, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type SubjectFilter, subjectsQuery } from '../api/subject-queries.ts';
import { MoreButton } from '../shell/more-button.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { ClosuresPanel } from './closures-panel.tsx';
import { EnterSubject } from './enter-subject.tsx';
import { OpenCount } from './open-count.tsx';
import { BOXES, KINDS, readSubjectFilter } from './subject-filter.ts';
import { SubjectTable } from './subject-table.tsx';
import './retire.css';

/** 个人信息请求: what persons ask of their calls, by deadline, and accounts that were closed. */
export function SubjectsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { box = 'due', kind } = useSearch({ from: '/signed-in/compliance/requests' });
  const found = useInfiniteQuery(subjectsQuery({ box, kind }));
  const [entering, setEntering] = useState(false);
  const apply = (change: Partial<SubjectFilter>) =>
    void navigate({
      to: '/compliance/requests',
      search: readSubjectFilter({ box, kind, ...change }),
      replace: true,
    });
  const first = found.data?.pages[0];
  return (
    <div className="page retire">
      <div className="page-head">
        <h1>{t('subjects.title')}</h1>
        <p className="muted">{t('subjects.lead')}</p>
        <div className="page-head-end">
          <Link to="/compliance/disposals">{t('subjects.toDisposals')}</Link>
        </div>
      </div>
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <>
          <section className="card" aria-labelledby="subjects" data-testid="subjects">
            <div className="retire-row">
              <h2 id="subjects">{t('subjects.list')}</h2>
              <Button
                type="primary"
                className="retire-row-end"
                onClick={() => setEntering(true)}
                data-testid="enter-subject"
              >
                {t('subjects.enter')}
              </Button>
            </div>
            <Counts counts={first?.counts} box={box} onBox={(to) => apply({ box: to })} />
            <div className="retire-row">
              <Segmented
                aria-label={t('subjects.boxes')}
                value={box}
                options={BOXES.map((value) => ({ value, label: t(`subjects.box.${value}`) }))}
                onChange={(to) => apply({ box: to })}
              />
              <Select
                allowClear
                className="run-filter"
                aria-label={t('subjects.byKind')}
                placeholder={t('subjects.allKinds')}
                value={kind ?? null}
                options={KINDS.map((value) => ({ value, label: t(`subjects.kind.${value}`) }))}
                onChange={(to: SubjectFilter['kind']) => apply({ kind: to })}
              />
            </div>
            {first === undefined ? (
              <Skeleton active title={false} paragraph={{ rows: 6 }} />
            ) : (
              <SubjectTable
                requests={found.data?.pages.flatMap((page) => page.requests) ?? []}
                box={box}
              />
            )}
            <MoreButton found={found} label={t('subjects.moreRequests')} />
          </section>
          <ClosuresPanel />
        </>
      )}
      {entering && first !== undefined ? (
        <EnterSubject today={first.today} onClose={() => setEntering(false)} />
      ) : null}
    </div>
  );
}

/** How many wait, how many soon, how many too long; each number shows them. */
function Counts({
  counts,
  box,
  onBox,
}: {
  counts: SubjectRequestsView['counts'] | undefined;
  box: SubjectFilter['box'];
  onBox: (box: SubjectFilter['box']) => void;
}) {
  const { t } = useTranslation();
  const { open = 0, dueSoon = 0, overdue = 0 } = counts ?? {};
  return (
    <div
      className="open-counts"
      role="group"
      aria-label={t('subjects.figures')}
      aria-busy={counts === undefined}
      data-testid="subject-counts"
    >
      <OpenCount
        label={t('subjects.overdue')}
        value={overdue}
        {...(overdue > 0
          ? ({ mark: <ExclamationCircleFilled aria-hidden="true" />, tone: 'bad' } as const)
          : {})}
        pressed={box === 'overdue'}
        onOpen={() => onBox('overdue')}
        testId="figure-overdue"
      />
      <OpenCount
        label={t('subjects.dueSoon')}
        value={dueSoon}
        {...(dueSoon > 0
          ? ({ mark: <WarningFilled aria-hidden="true" />, tone: 'held' } as const)
          : {})}
        pressed={false}
        onOpen={() => onBox('due')}
        testId="figure-soon"
      />
      <OpenCount
        label={t('subjects.open')}
        value={open}
        pressed={box === 'due'}
        onOpen={() => onBox('due')}
        testId="figure-open"
      />
    </div>
  );
}
