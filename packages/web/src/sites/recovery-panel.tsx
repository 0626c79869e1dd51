import { useQuery } from '@tanstack/react-query';
import type { DrillsView, SiteView } from '@voxkeep/contract';
import { Empty, Skeleton } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { drillsQuery } from '../api/recovery-queries.ts';
import { labelOf } from '../i18n/label-of.ts';
import { writeInstant } from '../i18n/moments.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { BeginDialog, BeginDrill } from './begin-drill.tsx';
import { DrillList } from './drill-list.tsx';
import { judgeRecovery } from './judge-recovery.ts';
import { LostSite } from './lost-site.tsx';
import { RecoveryAnswers } from './recovery-answers.tsx';
import { RunningDrill } from './running-drill.tsx';
import './recovery.css';

/** Whether the archive could be made again of each site alone: tried, how it went, and how it is done. */
export function RecoveryPanel({ sites }: { sites: readonly SiteView[] }) {
  const { t } = useTranslation();
  const drills = useQuery(drillsQuery);
  const may = mayOpen(useSession(), 'runDrills');
  const refused = drills.isError && drills.data === undefined;
  // The button moves when there is a first drill; the dialog, with what it has to say, stays.
  const [isOpen, setOpen] = useState(false);
  const button = may ? (
    <BeginDrill sites={sites} view={drills.data} onOpen={() => setOpen(true)} />
  ) : null;
  return (
    <section
      className="card recovery"
      id="site-recovery"
      aria-labelledby="recovery-title"
      data-testid="site-recovery"
    >
      <div className="card-row">
        <h2 id="recovery-title">{t('recovery.title')}</h2>
        {!refused && drills.data?.drills.length !== 0 ? button : null}
      </div>
      <p className="muted">
        {t('recovery.lead')} {may ? null : t('recovery.mayNot')}
      </p>
      {drills.isError ? (
        <ProblemPanel error={drills.error} onRetry={() => void drills.refetch()} />
      ) : null}
      {drills.data === undefined ? (
        drills.isPending ? (
          <Skeleton active paragraph={{ rows: 9 }} />
        ) : null
      ) : (
        <Drills sites={sites} view={drills.data} button={button} />
      )}
      <LostSite sites={sites} />
      {isOpen ? (
        <BeginDialog sites={sites} first={drills.data?.next?.site} onClose={() => setOpen(false)} />
      ) : null}
    </section>
  );
}

function Drills({
  sites,
  view,
  button,
}: {
  sites: readonly SiteView[];
  view: DrillsView;
  /** Begins a drill, where the person may. */
  button: ReactNode;
}) {
  const { t } = useTranslation();
  const names = sites.map(({ name }) => name);
  return (
    <>
      <RunningDrill view={view} />
      <RecoveryAnswers answers={judgeRecovery(names, view)} view={view} />
      <Next next={view.next} />
      {view.drills.length === 0 ? (
        <Empty
          image={Empty.PRESENTED_IMAGE_SIMPLE}
          description={
            <>
              <strong>{t('recovery.empty')}</strong>
              <p className="muted">{t('recovery.emptyHint')}</p>
            </>
          }
          data-testid="drills-empty"
        >
          {button}
        </Empty>
      ) : (
        <DrillList drills={view.drills} limitS={view.limitS} />
      )}
    </>
  );
}

function Next({ next }: { next: DrillsView['next'] }) {
  const { t } = useTranslation();
  const { timeZone } = useSession();
  if (next === undefined) return <p className="muted recovery-next">{t('recovery.nextNone')}</p>;
  return (
    <p className="muted recovery-next" data-testid="next-drill">
      {t('recovery.next', {
        ...{ site: labelOf('site', next.site), kind: t(`recovery.kind.${next.kind}`) },
      })}
      <span className="num">{writeInstant(next.at, timeZone, false)}</span>
      {' · '}
      <Moment at={next.at} />
    </p>
  );
}
