import { CloudServerOutlined, FolderOutlined, WarningFilled } from '@ant-design/icons';
import type { SiteView } from '@voxkeep/contract';
import type { ReactNode } from 'react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { codeWords, labelOf, remedyFor } from '../i18n/label-of.ts';
import { writeSpan } from '../i18n/spans.ts';
import { HealthMark } from '../shell/health-mark.tsx';
import { Moment } from '../shell/moment.tsx';
import { SpaceBar } from './space-bar.tsx';

/** One site at a glance: there or not, what it holds, what it lacks, how sound it is, how full. */
export function SiteCard({ site }: { site: SiteView }) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const { name, kind, reachable, reason, copies, pendingCopies, behindS, lagMs, faults } = site;
  const { filling } = site;
  const { deepEndedAt, oldestAt } = site.verified;
  const span = (ms: number) => writeSpan(ms, i18n.language);
  return (
    <section
      className={reachable ? 'card site' : 'card site site-away'}
      aria-labelledby={id}
      data-testid={`site-${name}`}
    >
      <div className="site-head">
        <h2 id={id}>{labelOf('site', name)}</h2>
        <span className="muted site-kind">
          {kind === 'bucket' ? <CloudServerOutlined /> : <FolderOutlined />}
          {t(`sites.kind.${kind}`)}
        </span>
        <HealthMark
          good={reachable}
          text={t(reachable ? 'sites.reachable' : 'sites.unreachable')}
        />
      </div>
      {reachable || reason === undefined ? null : (
        <p className="site-reason" title={reason}>
          {codeWords(reason) ?? reason} {remedyFor(reason)}
        </p>
      )}
      <dl className="pairs">
        <Line name={t('sites.copies')}>{copies.toLocaleString('en')}</Line>
        {filling === undefined ? null : (
          <Line name={t('sites.filling')} hint={t('sites.fillingHint')}>
            {t('sites.fillingOf', {
              copies: filling.copies.toLocaleString('en'),
              of: filling.of.toLocaleString('en'),
              percent: Math.floor((filling.copies / filling.of) * 100),
            })}
            <span className="muted">
              {' '}
              · {t('sites.alarmSince')} <Moment at={filling.since} />
            </span>
          </Line>
        )}
        <Line name={t('sites.backlog')} held={behindS > 0}>
          {pendingCopies === 0 ? t('sites.backlogNone') : pendingCopies.toLocaleString('en')}
          {behindS > 0 ? (
            <span> · {t('sites.backlogDue', { span: span(behindS * 1000) })}</span>
          ) : null}
        </Line>
        <Line name={t('sites.lag')} hint={t('sites.lagHint')}>
          {lagMs === undefined ? (
            <span className="muted">{t('sites.lagNone')}</span>
          ) : (
            `p50 ${span(lagMs.p50)} · p99 ${span(lagMs.p99)}`
          )}
        </Line>
        <Line name={t('sites.faults')} bad={faults > 0}>
          {faults === 0 ? (
            t('sites.faultsNone')
          ) : (
            <>
              <WarningFilled aria-hidden="true" /> {faults.toLocaleString('en')}
            </>
          )}
        </Line>
        <Line name={t('sites.verified')}>
          {deepEndedAt === undefined ? (
            <span className="muted">{t('sites.verifiedNever')}</span>
          ) : (
            <Moment at={deepEndedAt} />
          )}
        </Line>
        <Line name={t('sites.oldest')}>
          {oldestAt === undefined ? (
            <span className="muted">{t('shell.none')}</span>
          ) : (
            <Moment at={oldestAt} />
          )}
        </Line>
      </dl>
      <h3>{t('sites.space')}</h3>
      <SpaceBar site={site} />
    </section>
  );
}

function Line({
  name,
  hint,
  held = false,
  bad = false,
  children,
}: {
  name: string;
  hint?: string;
  held?: boolean;
  bad?: boolean;
  children: ReactNode;
}) {
  const mark = bad ? 'state-bad' : held ? 'held' : '';
  return (
    <>
      <dt title={hint}>{name}</dt>
      <dd className={`num ${mark}`}>{children}</dd>
    </>
  );
}
