import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { HoldRecords, HoldView } from '@voxkeep/contract';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { holdRecordsQuery } from '../api/compliance-queries.ts';
import { mayDo } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { MoreButton } from '../shell/more-button.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { TierMark } from '../theme/tier-mark.tsx';
import { LeaveDialog } from './leave-dialog.tsx';

type Held = HoldRecords['records'][number];

/** The records that a hold has noted, page by page; each opens, and may leave by another person's word. */
export function HoldRecordList({ hold, acts }: { hold: HoldView; acts: boolean }) {
  const { t } = useTranslation();
  const { actor } = useSession();
  const [leaving, setLeaving] = useState<string>();
  const found = useInfiniteQuery({
    ...holdRecordsQuery(hold.id, hold.records),
    placeholderData: keepPreviousData,
  });
  const records = found.data?.pages.flatMap((page) => page.records) ?? [];
  const mayLeave = acts && hold.placedBy !== actor.id;
  return (
    <section className="card" aria-labelledby="hold-records">
      <h2 id="hold-records">
        {t('compliance.holds.recordList')}{' '}
        <span className="num">{hold.records.toLocaleString('en')}</span>
      </h2>
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Skeleton active title={false} paragraph={{ rows: 6 }} />
      ) : records.length === 0 ? (
        <p className="muted">
          {t(hold.walking ? 'compliance.holds.noneYet' : 'compliance.holds.noRecords')}
        </p>
      ) : (
        <HeldTable records={records} onLeave={mayLeave ? setLeaving : undefined} />
      )}
      <MoreButton found={found} label={t('search.loadMore')} />
      {leaving === undefined ? null : (
        <LeaveDialog
          title={t('compliance.holds.drop')}
          lead={t('compliance.holds.dropLead')}
          done={t('compliance.holds.dropDone')}
          send={(reason) =>
            ask<HoldView>(`/holds/${hold.id}/records/${leaving}`, {
              method: 'DELETE',
              body: { reason },
            })
          }
          onClose={() => setLeaving(undefined)}
        />
      )}
    </section>
  );
}

function HeldTable({
  records,
  onLeave,
}: {
  records: readonly Held[];
  onLeave: ((recordId: string) => void) | undefined;
}) {
  const { t } = useTranslation();
  const opens = mayDo(useSession(), 'view');
  return (
    <div
      className="scrolling held-records"
      role="region"
      aria-label={t('compliance.holds.recordTable')}
      tabIndex={0}
    >
      <table className="plain" data-testid="held-records">
        <thead>
          <tr>
            <th scope="col">{t('search.startedAt')}</th>
            <th scope="col">{t('search.tier')}</th>
            <th scope="col">{t('compliance.holds.recordState')}</th>
            <th scope="col">{t('compliance.holds.heldAt')}</th>
            <th scope="col">{t('record.id')}</th>
            {onLeave === undefined ? null : (
              <th scope="col">
                <span className="sr-only">{t('compliance.holds.drop')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {records.map(({ recordId, startedAt, tier, state, heldAt }) => (
            <tr key={recordId} data-testid="held-record">
              <td>
                <Moment at={startedAt} exact />
              </td>
              <td>
                {tier === undefined ? (
                  <span className="muted">{t('shell.unknown')}</span>
                ) : (
                  <TierMark tier={tier} short />
                )}
              </td>
              <td>{t(`state.${state}`)}</td>
              <td>
                <Moment at={heldAt} />
              </td>
              <td title={recordId}>
                {opens ? (
                  <Link to="/records/$id" params={{ id: recordId }} className="num">
                    …{recordId.slice(-8)}
                  </Link>
                ) : (
                  <span className="num">…{recordId.slice(-8)}</span>
                )}
              </td>
              {onLeave === undefined ? null : (
                <td className="end">
                  <Button
                    size="small"
                    aria-label={t('compliance.holds.dropOne', { id: recordId.slice(-8) })}
                    onClick={() => onLeave(recordId)}
                    data-testid="hold-drop"
                  >
                    {t('compliance.holds.drop')}
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
