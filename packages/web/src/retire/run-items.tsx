import { DownloadOutlined } from '@ant-design/icons';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import type { DisposalItemsView, DisposalRunView } from '@voxkeep/contract';
import { App, Button, Segmented, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { itemsQuery } from '../api/disposal-queries.ts';
import { download } from '../api/download.ts';
import { Moment } from '../shell/moment.tsx';
import { MoreButton } from '../shell/more-button.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { problemSentence } from '../shell/problem-words.ts';
import { TierMark } from '../theme/tier-mark.tsx';
import { CertificateLinks } from './certificate-links.tsx';
import { ItemStateMark } from './disposal-marks.tsx';
import { RecordLink } from './record-link.tsx';
import { ITEM_STATES, type ItemState } from './run-filter.ts';
import { ScrollBox } from './scroll-box.tsx';

/** The records of a list, and what became of each. */
export function RunItems({
  run,
  state,
  onState,
}: {
  run: DisposalRunView;
  state: ItemState | undefined;
  onState: (state: ItemState | undefined) => void;
}) {
  const { t } = useTranslation();
  const found = useInfiniteQuery(itemsQuery(run, state));
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="card" aria-labelledby="run-items" data-testid="run-items">
      <div className="retire-row">
        <h2 id="run-items">{t('disposals.items')}</h2>
        <Segmented
          size="small"
          aria-label={t('disposals.items')}
          value={state ?? 'all'}
          options={[
            { value: 'all', label: t('disposals.all') },
            ...ITEM_STATES.map((value) => ({ value, label: t(`disposals.item.${value}`) })),
          ]}
          onChange={(value) => onState(ITEM_STATES.find((one) => one === value))}
        />
        <span className="retire-row-end">
          <TakeList runId={run.id} />
        </span>
      </div>
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Skeleton active title={false} paragraph={{ rows: 6 }} />
      ) : items.length === 0 ? (
        <p className="muted">{t('disposals.itemsNone')}</p>
      ) : (
        <Items items={items} />
      )}
      <MoreButton found={found} label={t('disposals.more')} />
    </section>
  );
}

function Items({ items }: { items: DisposalItemsView['items'] }) {
  const { t } = useTranslation();
  return (
    <ScrollBox label={t('disposals.items')}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t('disposals.recordId')}</th>
            <th scope="col">{t('disposals.stateTitle')}</th>
            <th scope="col">{t('disposals.tier')}</th>
            <th scope="col">{t('disposals.groundTitle')}</th>
            <th scope="col">{t('disposals.rule')}</th>
            <th scope="col">{t('disposals.at')}</th>
            <th scope="col">{t('disposals.certificate')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ recordId, tier, ground, rule, state, why, at }) => (
            <tr key={recordId} data-testid="run-item" data-state={state}>
              <th scope="row">
                <RecordLink id={recordId} />
              </th>
              <td>
                <ItemStateMark state={state} />
                {why === undefined ? null : (
                  <span className="muted item-why">{t(`disposals.why.${why}`)}</span>
                )}
              </td>
              <td>
                <TierMark tier={tier} short />
              </td>
              <td>{t(`disposals.ground.${ground}`)}</td>
              <td>
                <code>{rule}</code>
              </td>
              <td>{at === undefined ? '–' : <Moment at={at} />}</td>
              <td>{state === 'disposed' ? <CertificateLinks recordId={recordId} /> : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** The whole list as a table, however long it is. */
function TakeList({ runId }: { runId: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const take = useMutation({
    mutationFn: () =>
      download(`/disposals/runs/${runId}/items.csv`, { fileName: `disposal-${runId}.csv` }),
    onError: (error) => void message.error(problemSentence(error)),
  });
  return (
    <Button
      size="small"
      icon={<DownloadOutlined />}
      loading={take.isPending}
      onClick={() => take.mutate()}
      data-testid="run-csv"
    >
      {t('disposals.csv')}
    </Button>
  );
}
