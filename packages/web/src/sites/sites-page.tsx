import { useQuery } from '@tanstack/react-query';
import type { SitesView } from '@voxkeep/contract';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { sitesQuery } from '../api/queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { AlarmsPanel } from './alarms-panel.tsx';
import { FaultsPanel } from './faults-panel.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { RecoveryPanel } from './recovery-panel.tsx';
import { RecoveryStrip } from './recovery-strip.tsx';
import { SiteCard } from './site-card.tsx';
import { WalksPanel } from './walks-panel.tsx';
import './sites.css';

/** Whether copies are there, sound and in time, for how long the room will do, and how one gets back. */
export function SitesPage() {
  const { t } = useTranslation();
  const sites = useQuery(sitesQuery);
  return (
    <div className="page sites">
      <div className="page-head">
        <h1>{t('sites.title')}</h1>
        <p className="muted">{t('sites.lead')}</p>
      </div>
      {sites.isError ? (
        <ProblemPanel error={sites.error} onRetry={() => void sites.refetch()} />
      ) : null}
      {sites.data !== undefined ? (
        <Panels view={sites.data} />
      ) : sites.isPending ? (
        <Waiting />
      ) : null}
    </div>
  );
}

/** From what is wrong, over how each site is, to what is done about it. */
function Panels({ view: { sites } }: { view: SitesView }) {
  const { t } = useTranslation();
  const names = sites.map(({ name }) => name);
  return (
    <>
      <RecoveryStrip sites={names} />
      <AlarmsPanel sites={sites} />
      <section className="site-cards" aria-label={t('sites.overview')}>
        {sites.map((site) => (
          <SiteCard key={site.name} site={site} />
        ))}
      </section>
      <RecoveryPanel sites={sites} />
      <HistoryPanel sites={names} />
      <WalksPanel sites={sites} />
      <FaultsPanel sites={sites} />
    </>
  );
}

/** As large as what will stand here, so that nothing jumps. */
function Waiting() {
  return (
    <>
      <div className="site-cards">
        {[1, 2, 3].map((card) => (
          <div key={card} className="card site">
            <Skeleton active paragraph={{ rows: 9 }} />
          </div>
        ))}
      </div>
      <div className="card history">
        <Skeleton active paragraph={{ rows: 8 }} />
      </div>
    </>
  );
}
