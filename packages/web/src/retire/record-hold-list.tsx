import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { recordHoldsQuery } from '../api/term-queries.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';

/** Which matters hold a record, once whoever may see them asks: the look stands in the ledger. */
export function RecordHoldList({ recordId }: { recordId: string }) {
  const { t } = useTranslation();
  const session = useSession();
  const allowed = mayOpen(session, 'manageRetention') || mayOpen(session, 'audits');
  const [asked, setAsked] = useState(false);
  const found = useQuery({ ...recordHoldsQuery(recordId), enabled: asked });
  if (!allowed) return <p className="muted">{t('term.holdsAsk')}</p>;
  if (!asked) {
    return (
      <button type="button" className="link" onClick={() => setAsked(true)}>
        {t('term.holdsWhich')}
      </button>
    );
  }
  if (found.isError) {
    return <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />;
  }
  if (found.isPending) return <Skeleton active title={false} paragraph={{ rows: 1 }} />;
  return (
    <ul className="term-holds">
      {found.data.holds.map(({ id, matter, placedAt }) => (
        <li key={id}>
          <Link to={pageOf(id)}>{matter}</Link>{' '}
          <span className="muted">
            <Moment at={placedAt} />
          </span>
        </li>
      ))}
    </ul>
  );
}

const pageOf = (holdId: string): string => `/compliance/holds/${holdId}`;
