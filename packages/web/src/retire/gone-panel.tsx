import { CheckCircleFilled, HourglassOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { DisposalView } from '@voxkeep/contract';
import { Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { disposalQuery } from '../api/disposal-queries.ts';
import { labelOf } from '../i18n/label-of.ts';
import { writeList } from '../i18n/write-list.ts';
import { Panel } from '../record/panel.tsx';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { CertificateLinks } from './certificate-links.tsx';
import './retire.css';

const SEEN_BY = ['manageRetention', 'audits', 'inbox'] as const;

/** What became of a record that is gone, for whoever may see disposals: two stages, kept apart. */
export function GonePanel({ recordId }: { recordId: string }) {
  const { t } = useTranslation();
  const session = useSession();
  const allowed = SEEN_BY.some((one) => mayOpen(session, one));
  const found = useQuery({ ...disposalQuery(recordId), enabled: allowed });
  if (!allowed) return null;
  return (
    <Panel title={t('disposals.gone')} testId="gone">
      {found.isError ? (
        <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />
      ) : found.isPending ? (
        <Skeleton active title={false} paragraph={{ rows: 6 }} />
      ) : (
        <Gone gone={found.data} />
      )}
    </Panel>
  );
}

function Gone({ gone }: { gone: DisposalView }) {
  const { t, i18n } = useTranslation();
  const { unreadableAt, pendingSites, beyondOldCopiesAt, lockedUntil, runId } = gone;
  const sites = pendingSites.map((site) => labelOf('site', site));
  const facts: [string, ReactNode][] = [
    [t('disposals.disposedAt'), <Moment key="at" at={gone.disposedAt} exact />],
    [t('disposals.goneBy'), t(`disposals.how.${gone.how}`)],
    [t('disposals.groundTitle'), t(`disposals.ground.${gone.ground}`)],
    [t('disposals.clause'), gone.clause],
    [t('disposals.rule'), <code key="rule">{gone.rule}</code>],
    [t('disposals.keepUntil'), gone.keepUntil],
    [t('disposals.objects'), gone.objects.toLocaleString('en')],
    [
      t('disposals.unreadable'),
      <Stage
        key="unreadable"
        at={unreadableAt}
        waits={
          sites.length === 0
            ? t('disposals.unreadableSoon')
            : t('disposals.unreadableWaits', { sites: writeList(sites, i18n.language) })
        }
      />,
    ],
    [
      t('disposals.beyond'),
      <Stage key="beyond" at={beyondOldCopiesAt} waits={t('disposals.beyondWaits')} />,
    ],
    [
      t('disposals.locked'),
      lockedUntil === undefined ? undefined : <Moment key="locked" at={lockedUntil} exact />,
    ],
    [
      t('disposals.run'),
      <Link key="run" to="/compliance/disposals/$id" params={{ id: runId }}>
        …{runId.slice(-8)}
      </Link>,
    ],
    [t('disposals.certificate'), <CertificateLinks key="certificate" recordId={gone.recordId} />],
  ];
  return (
    <dl className="retire-facts gone-facts">
      {facts
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Reached, with its time; or what it waits for. */
function Stage({ at, waits }: { at: string | undefined; waits: string }) {
  if (at === undefined) {
    return (
      <span className="state state-held gone-stage">
        <HourglassOutlined aria-hidden="true" />
        {waits}
      </span>
    );
  }
  return (
    <span className="state state-good">
      <CheckCircleFilled aria-hidden="true" />
      <Moment at={at} exact />
    </span>
  );
}
