import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { EngagementView } from '@voxkeep/contract';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { auditsQuery } from '../api/audit-queries.ts';
import {
  dueQuery,
  openRequestsQuery,
  proposedRunsQuery,
  rulesQuery,
} from '../api/compliance-queries.ts';
import { engagementsQuery } from '../api/engagement-queries.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Mark, type Tone } from './mark.tsx';

type Kind =
  | ('overdue' | 'requestsOverdue' | 'auditOpen' | 'runs' | 'rulesWaiting')
  | ('reviews' | 'requestsSoon' | 'destructions')
  | ('evidenceLate' | 'engagements' | 'evidence');
interface Item {
  kind: Kind;
  count: number;
  tone: Tone;
  to: string;
}

/** What somebody has to see to, what is against the rules first. Each leads to its list. */
export function ToDo() {
  const { t } = useTranslation();
  const { items, isPending, isPartial } = useItems();
  return (
    <section className="card todo" aria-labelledby="todo" aria-live="polite" data-testid="todo">
      <h2 id="todo">{t('compliance.todo.title')}</h2>
      {isPending ? (
        <Skeleton active title={false} paragraph={{ rows: 1 }} />
      ) : items.length === 0 && !isPartial ? (
        <p>
          <Mark tone="good">{t('compliance.todo.none')}</Mark>
        </p>
      ) : (
        <ul>
          {items.map(({ kind, count, tone, to }) => (
            <li key={kind} data-testid={`todo-${kind}`}>
              <Link to={to}>
                <Mark tone={tone}>{t(`compliance.todo.${kind}`)}</Mark>
                <strong className="num">{count.toLocaleString('en')}</strong>
              </Link>
            </li>
          ))}
          {isPartial ? <li className="muted">{t('compliance.todo.partial')}</li> : null}
        </ul>
      )}
    </section>
  );
}

function useItems(): { items: Item[]; isPending: boolean; isPartial: boolean } {
  const session = useSession();
  const seesRequests = mayOpen(session, 'manageRetention');
  const due = useQuery(dueQuery);
  const runs = useQuery(proposedRunsQuery);
  const rules = useQuery(rulesQuery);
  const audits = useQuery(auditsQuery);
  const requests = useQuery({ ...openRequestsQuery, enabled: seesRequests });
  const outside = useQuery(engagementsQuery);
  const asked = [due, runs, rules, audits, outside, ...(seesRequests ? [requests] : [])];
  const lastAudit = audits.data?.runs.find(({ outcome }) => outcome !== undefined);
  const counts = requests.data?.counts;
  const disposals = '/compliance/disposals';
  const items: Item[] = [
    { kind: 'overdue', count: due.data?.overdue ?? 0, tone: 'bad', to: disposals },
    {
      ...{ kind: 'requestsOverdue', count: counts?.overdue ?? 0, tone: 'bad' },
      to: '/compliance/requests',
    },
    {
      ...{ kind: 'auditOpen', count: lastAudit?.figures?.open ?? 0, tone: 'bad' },
      to: lastAudit === undefined ? '/audits' : `/audits/${lastAudit.id}`,
    },
    ...outsideItems(outside.data?.engagements ?? []),
    { kind: 'runs', count: runs.data?.runs.length ?? 0, tone: 'soon', to: disposals },
    {
      ...{ kind: 'requestsSoon', count: counts?.dueSoon ?? 0, tone: 'soon' },
      to: '/compliance/requests',
    },
    {
      ...{ kind: 'rulesWaiting', count: rules.data?.waiting === undefined ? 0 : 1, tone: 'soon' },
      to: '/compliance/rules',
    },
    {
      ...{ kind: 'reviews', count: rules.data?.reviewsDue.length ?? 0, tone: 'soon' },
      to: '/compliance/rules',
    },
    {
      ...{ kind: 'destructions', count: due.data?.pendingDestructions ?? 0, tone: 'soon' },
      to: disposals,
    },
  ];
  return {
    items: items.filter(({ count }) => count > 0),
    isPending: asked.some((one) => one.isPending),
    isPartial: asked.some((one) => one.isError),
  };
}

/** What outside auditors wait for. */
function outsideItems(engagements: readonly EngagementView[]): Item[] {
  const to = '/compliance/engagements';
  const sum = (name: 'evidenceOpen' | 'evidenceOverdue') =>
    engagements.reduce((all, { counts }) => all + counts[name], 0);
  const late = sum('evidenceOverdue');
  const toConfirm = engagements.filter(({ may }) => may.includes('confirm')).length;
  return [
    { kind: 'evidenceLate', count: late, tone: 'bad', to },
    { kind: 'engagements', count: toConfirm, tone: 'soon', to },
    { kind: 'evidence', count: sum('evidenceOpen') - late, tone: 'soon', to },
  ];
}
