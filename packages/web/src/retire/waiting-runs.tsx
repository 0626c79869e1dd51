import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { runsQuery } from '../api/disposal-queries.ts';
import { callsOf } from '../i18n/calls-of.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import './waiting-runs.css';

/** Lists of disposals that this approver may decide on; each is looked at and signed on its own page. */
export function WaitingRuns() {
  const { t } = useTranslation();
  const decides = mayOpen(useSession(), 'inbox');
  const found = useInfiniteQuery({ ...runsQuery('proposed'), enabled: decides });
  if (found.isError) {
    return <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />;
  }
  const runs = found.data?.pages.flatMap((page) => page.runs) ?? [];
  const waiting = runs.filter(({ mayDecide }) => mayDecide);
  if (waiting.length === 0) return null;
  return (
    <section
      className="card waiting-runs"
      aria-labelledby="waiting-runs"
      data-testid="waiting-runs"
    >
      <h2 id="waiting-runs">{t('disposals.waitingRuns')}</h2>
      <ul>
        {waiting.map(({ id, records, decideBy }) => (
          <li key={id}>
            <Link to="/compliance/disposals/$id" params={{ id }}>
              {t('disposals.runTitle', { calls: callsOf(t, records) })}
            </Link>
            <span className="muted">
              {t('disposals.waitingUntil')} <Moment at={decideBy} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
