import { WarningFilled } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import type { SystemStatus } from '@voxkeep/contract';
import { Alert, Skeleton, Typography } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { statusQuery } from '../api/queries.ts';
import { labelOf } from '../i18n/label-of.ts';
import { DeliveriesPanel } from '../notices/deliveries-panel.tsx';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { HealthMark } from '../shell/health-mark.tsx';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { StateMark } from './state-mark.tsx';
import './jobs.css';

/** Whether the archive does what it promises: sites, ledger, keys. */
export function StatusPage() {
  const { t } = useTranslation();
  const status = useQuery(statusQuery);
  return (
    <div className="page status">
      <div className="page-head">
        <h1>{t('status.title')}</h1>
      </div>
      {status.isPending ? (
        <Skeleton active paragraph={{ rows: 10 }} />
      ) : status.isError ? (
        <ProblemPanel error={status.error} onRetry={() => void status.refetch()} />
      ) : (
        <Status status={status.data} />
      )}
    </div>
  );
}

function Status({ status }: { status: SystemStatus }) {
  const { t } = useTranslation();
  const session = useSession();
  const { ledger } = status;
  return (
    <>
      {status.keysOnDataHost ? <KeysApart /> : null}
      <section className="card" aria-labelledby="sites">
        <h2 id="sites">{t('status.sites')}</h2>
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t('status.site')}</th>
              <th scope="col">{t('status.connection')}</th>
              <th scope="col" className="end">
                {t('status.objects')}
              </th>
              <th scope="col" className="end">
                {t('status.pending')}
              </th>
            </tr>
          </thead>
          <tbody>
            {status.sites.map(({ name, reachable, objects, pendingCopies }) => (
              <tr key={name}>
                <th scope="row">{labelOf('site', name)}</th>
                <td>
                  <HealthMark
                    good={reachable}
                    text={t(reachable ? 'status.reachable' : 'status.unreachable')}
                  />
                </td>
                <td className="end num">{objects.toLocaleString('en')}</td>
                <td className={`end num${pendingCopies > 0 ? ' held' : ''}`}>
                  {pendingCopies.toLocaleString('en')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="card" aria-labelledby="ledger">
        <h2 id="ledger">{t('status.ledger')}</h2>
        <dl className="pairs">
          <dt>{t('status.ledgerSize')}</dt>
          <dd className="num">{ledger.size.toLocaleString('en')}</dd>
          <dt>{t('status.ledgerOrigin')}</dt>
          <dd>
            <code>{ledger.origin}</code>
          </dd>
          <dt>{t('status.verifierKey')}</dt>
          <dd>
            <Typography.Text
              code
              copyable={{ tooltips: [t('shell.copy'), t('shell.copied')] }}
              title={t('status.verifierKeyHint')}
            >
              {ledger.verifierKey}
            </Typography.Text>
          </dd>
          <dt>{t('status.writing')}</dt>
          <dd>
            <HealthMark
              good={ledger.healthy}
              text={t(ledger.healthy ? 'status.healthy' : 'status.unhealthy')}
            />
          </dd>
        </dl>
        {ledger.witnessed ? (
          <HealthMark good text={t('status.witnessed')} />
        ) : (
          <div className="unwitnessed" data-testid="unwitnessed">
            <WarningFilled aria-hidden="true" />
            <div>
              <strong>{t('status.unwitnessed')}</strong>
              <p>{t('status.unwitnessedText')}</p>
            </div>
          </div>
        )}
      </section>
      <DeliveriesPanel deliveries={status.deliveries} />
      <section className="card" aria-labelledby="records">
        <h2 id="records">{t('status.records')}</h2>
        <ul className="state-counts">
          {status.records.map(({ state, count }) => (
            <li key={state}>
              <StateMark state={state} />
              {mayOpen(session, 'jobs') ? (
                <Link to="/jobs" search={{ state }} className="num">
                  {count.toLocaleString('en')}
                </Link>
              ) : (
                <span className="num">{count.toLocaleString('en')}</span>
              )}
            </li>
          ))}
        </ul>
      </section>
      <section className="card" aria-labelledby="archive">
        <h2 id="archive">{t('status.archive')}</h2>
        <dl className="pairs">
          <dt>{t('status.archiveId')}</dt>
          <dd>
            <code>{status.archiveId}</code>
          </dd>
          <dt>{t('status.version')}</dt>
          <dd>{status.version}</dd>
          <dt>{t('status.startedAt')}</dt>
          <dd>
            <Moment at={status.startedAt} />
          </dd>
          <dt>{t('status.timeZone')}</dt>
          <dd>{status.timeZone}</dd>
          <dt>{t('status.ffmpeg')}</dt>
          <dd title={status.ffmpeg}>
            {status.ffmpeg === undefined ? (
              <span className="held">{t('status.noFfmpeg')}</span>
            ) : (
              shortVersion(status.ffmpeg)
            )}
          </dd>
        </dl>
      </section>
    </>
  );
}

/** Why the banner is red and, step by step, how it goes away. */
function KeysApart() {
  const { t } = useTranslation();
  const { hash } = useLocation();
  const box = useRef<HTMLDivElement>(null);
  // The banner's link leads here; the page is drawn after the address has changed.
  useEffect(() => {
    if (hash === 'keys-apart') box.current?.focus();
  }, [hash]);
  return (
    <div id="keys-apart" className="keys-apart" ref={box} tabIndex={-1}>
      <Alert
        type="error"
        showIcon
        title={t('status.keysTitle')}
        data-testid="keys-on-data-host"
        description={
          <>
            <p>{t('status.keysText')}</p>
            <ol className="steps-to-do">
              <li>{t('status.keysStep1')}</li>
              <li>{t('status.keysStep2')}</li>
              <li>
                {t('status.keysStep3')} <code>npm start -- --keys /mnt/voxkeep-keys</code>
              </li>
              <li>{t('status.keysStep4')}</li>
            </ol>
            <p className="muted">{t('status.keysNot')}</p>
          </>
        }
      />
    </div>
  );
}

/** "ffmpeg 5.1.9" of "ffmpeg version 5.1.9-0+deb12u1 Copyright (c) …". */
function shortVersion(line: string): string {
  const [, version] = /version (n?[\d.]+)/.exec(line) ?? [];
  return version === undefined ? (line.split(' Copyright')[0] ?? line) : `ffmpeg ${version}`;
}
