import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RecordView, Trail as TrailView } from '@voxkeep/contract';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { trailQuery } from '../api/queries.ts';
import { labelOf } from '../i18n/label-of.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { Panel } from './panel.tsx';

const FEW = 8;

/** Who looked at it, from the ledger. */
export function TrailPanel({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  const session = useSession();
  const allowed = record.may.includes('trail');
  const trail = useQuery({ ...trailQuery(record.id), enabled: allowed });
  return (
    <Panel title={t('record.trail')} testId="trail">
      {!allowed ? (
        <p className="muted">{t('record.trailRefused')}</p>
      ) : trail.isPending ? (
        <Skeleton active title={false} paragraph={{ rows: 4 }} />
      ) : trail.isError ? (
        <ProblemPanel error={trail.error} onRetry={() => void trail.refetch()} />
      ) : (
        <>
          <People entries={trail.data.entries.filter(({ role }) => role !== 'system')} />
          <SystemSteps entries={trail.data.entries.filter(({ role }) => role === 'system')} />
        </>
      )}
      {trail.data?.olderToCome ? (
        <p className="muted" data-testid="trail-older">
          {t('record.trailOlderToCome')}
        </p>
      ) : null}
      {trail.data?.more ? <p className="muted">{t('record.trailMore')}</p> : null}
      {mayOpen(session, 'ledger') ? (
        <Link to="/ledger" search={{ record: record.id }} className="trail-ledger">
          {t('ledger.ofRecord')}
        </Link>
      ) : null}
    </Panel>
  );
}

/** The latest few; a call that was looked at often keeps the rest behind a button. */
function People({ entries }: { entries: TrailView['entries'] }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(entries.length <= FEW);
  if (entries.length === 0) return <p className="muted">{t('record.trailEmpty')}</p>;
  return (
    <>
      <TrailList entries={all ? entries : entries.slice(0, FEW)} />
      {all ? null : (
        <Button type="link" size="small" onClick={() => setAll(true)}>
          {t('record.trailAll', { n: entries.length })}
        </Button>
      )}
    </>
  );
}

function TrailList({ entries }: { entries: TrailView['entries'] }) {
  const { t } = useTranslation();
  return (
    <ul className="trail">
      {entries.map((entry) => (
        <li key={entry.index} title={t('record.ledgerIndex', { n: entry.index })}>
          <span className="trail-who" title={entry.actor}>
            {entry.name ?? labelOf('role', entry.role)}
            <span className="muted">
              {' '}
              {entry.name === undefined ? shortId(entry.actor) : labelOf('role', entry.role)}
            </span>
          </span>
          <span>
            {labelOf('action', entry.action)}
            {entry.outcome === 'ok' ? null : (
              <span className="bad"> {labelOf('outcome', entry.outcome)}</span>
            )}
          </span>
          <span className="muted">
            <Moment at={entry.at} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Its way into the archive: for whoever wants it, below what people did. */
function SystemSteps({ entries }: { entries: TrailView['entries'] }) {
  const { t } = useTranslation();
  if (entries.length === 0) return null;
  return (
    <details className="trail-system">
      <summary>{t('record.trailSystem', { n: entries.length })}</summary>
      <TrailList entries={entries} />
    </details>
  );
}

/** For whoever has no account any more: the end of the id tells them apart on one page. */
function shortId(actor: string): string {
  return actor.length === 36 ? `…${actor.slice(-6)}` : '';
}
