import { CheckCircleFilled, SyncOutlined } from '@ant-design/icons';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ClosureView } from '@voxkeep/contract';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { closuresQuery } from '../api/subject-queries.ts';
import { callsOf } from '../i18n/calls-of.ts';
import { Moment } from '../shell/moment.tsx';
import { MoreButton } from '../shell/more-button.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { ScrollBox } from './scroll-box.tsx';
import { TellClosure } from './tell-closure.tsx';

/** Accounts that were closed, and how far the restriction of their calls is. */
export function ClosuresPanel() {
  const { t } = useTranslation();
  const found = useInfiniteQuery(closuresQuery);
  const [telling, setTelling] = useState(false);
  const closures = found.data?.pages.flatMap((page) => page.closures) ?? [];
  return (
    <section className="card" aria-labelledby="closures" data-testid="closures">
      <div className="retire-row">
        <h2 id="closures">{t('subjects.closures')}</h2>
        <span className="muted">{t('subjects.closuresLead')}</span>
        <Button
          className="retire-row-end"
          onClick={() => setTelling(true)}
          data-testid="tell-closure"
        >
          {t('subjects.tellClosure')}
        </Button>
      </div>
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Skeleton active title={false} paragraph={{ rows: 3 }} />
      ) : closures.length === 0 ? (
        <p className="muted">{t('subjects.closuresEmpty')}</p>
      ) : (
        <Closures closures={closures} />
      )}
      <MoreButton found={found} label={t('subjects.moreClosures')} />
      {telling ? <TellClosure onClose={() => setTelling(false)} /> : null}
    </section>
  );
}

function Closures({ closures }: { closures: readonly ClosureView[] }) {
  const { t } = useTranslation();
  return (
    <ScrollBox label={t('subjects.closures')}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t('subjects.reference')}</th>
            <th scope="col">{t('subjects.sourceSystem')}</th>
            <th scope="col">{t('subjects.person')}</th>
            <th scope="col">{t('subjects.closedOn')}</th>
            <th scope="col">{t('subjects.progress')}</th>
            <th scope="col">{t('subjects.toldAt')}</th>
          </tr>
        </thead>
        <tbody>
          {closures.map((closure) => (
            <tr key={closure.id} data-testid="closure" data-state={closure.state}>
              <th scope="row">{closure.reference}</th>
              <td>{closure.sourceSystem}</td>
              <td className="num">
                {[closure.accountMasked, closure.phoneMasked]
                  .filter((part) => part !== undefined)
                  .join(' · ')}
              </td>
              <td className="num">{closure.closedOn}</td>
              <td>
                <ClosureProgress closure={closure} />
              </td>
              <td>
                <Moment at={closure.toldAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function ClosureProgress({ closure: { state, restricted } }: { closure: ClosureView }) {
  const { t } = useTranslation();
  const isDone = state === 'done';
  return (
    <span className="deadline">
      <span className={`state state-${isDone ? 'good' : 'moving'}`}>
        {isDone ? <CheckCircleFilled aria-hidden="true" /> : <SyncOutlined aria-hidden="true" />}
        {t(`subjects.closure.${state}`)}
      </span>
      <span className="muted">{t('subjects.closureOf', { calls: callsOf(t, restricted) })}</span>
    </span>
  );
}
