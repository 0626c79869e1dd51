import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/client.ts';
import { trailQuery } from '../api/queries.ts';
import { labelOf } from '../i18n/label-of.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { Panel } from './panel.tsx';

/** Who looked at it, from the ledger. */
export function TrailPanel({ id }: { id: string }) {
  const { t } = useTranslation();
  const trail = useQuery(trailQuery(id));
  const refused = trail.error instanceof ApiProblem && trail.error.problem.status === 403;
  return (
    <Panel title={t('record.trail')} testId="trail">
      {trail.isPending ? (
        <Skeleton active title={false} paragraph={{ rows: 4 }} />
      ) : trail.isError ? (
        refused ? (
          <p className="muted">{t('record.trailRefused')}</p>
        ) : (
          <ProblemPanel error={trail.error} onRetry={() => void trail.refetch()} />
        )
      ) : trail.data.entries.length === 0 ? (
        <p className="muted">{t('record.trailEmpty')}</p>
      ) : (
        <ul className="trail">
          {trail.data.entries.map((entry) => (
            <li key={entry.index} title={t('record.ledgerIndex', { n: entry.index })}>
              <span className="trail-who" title={entry.actor}>
                {labelOf('role', entry.role)}
                <span className="muted num"> {shortId(entry.actor)}</span>
              </span>
              <span>
                {labelOf('action', entry.action)}
                {/^(ok|allowed|success)$/.test(entry.outcome) ? null : (
                  <span className="bad"> {labelOf('outcome', entry.outcome)}</span>
                )}
              </span>
              <span className="muted">
                <Moment at={entry.at} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {trail.data?.more ? <p className="muted">{t('record.trailMore')}</p> : null}
    </Panel>
  );
}

/** The ledger names people by id alone; its end tells them apart on one page. */
function shortId(actor: string): string {
  return actor.length === 36 ? `…${actor.slice(-6)}` : actor;
}
