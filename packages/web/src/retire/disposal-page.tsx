import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { DisposalRunView } from '@voxkeep/contract';
import { Skeleton } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PasskeyNeeded } from '../access/passkey-needed.tsx';
import { runQuery } from '../api/disposal-queries.ts';
import { callsOf } from '../i18n/calls-of.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { useHotkeys } from '../shell/hotkeys.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { RunStateMark } from './disposal-marks.tsx';
import { GroundTable } from './ground-table.tsx';
import { PartyName } from './party-name.tsx';
import { type RunAct, RunActions } from './run-actions.tsx';
import { RunCertificate } from './run-certificate.tsx';
import { RunDecisions } from './run-decisions.tsx';
import { RunFigures } from './run-figures.tsx';
import { type ItemState, readItemFilter } from './run-filter.ts';
import { RunItems } from './run-items.tsx';
import '../access/request.css';
import './retire.css';

/** One list: how far it is, who decided, what it kept, and each of its records. */
export function DisposalPage() {
  const { t } = useTranslation();
  const { id } = useParams({ from: '/signed-in/compliance/disposals/$id' });
  const run = useQuery(runQuery(id));
  return (
    <div className="page retire">
      <div className="page-head">
        <h1>
          {run.data === undefined
            ? t('disposals.title')
            : t('disposals.runTitle', { calls: callsOf(t, run.data.records) })}
        </h1>
        <Link to="/compliance/disposals">{t('disposals.back')}</Link>
      </div>
      {run.isError ? (
        <ProblemPanel error={run.error} onRetry={() => void run.refetch()} />
      ) : run.isPending ? (
        <div className="card" aria-busy="true">
          <Skeleton active paragraph={{ rows: 10 }} />
        </div>
      ) : (
        <OpenRun run={run.data} />
      )}
    </div>
  );
}

function OpenRun({ run }: { run: DisposalRunView }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const session = useSession();
  const { item } = useSearch({ from: '/signed-in/compliance/disposals/$id' });
  const [open, setOpen] = useState<RunAct>();
  const decides = run.mayDecide && mayOpen(session, 'inbox');
  useHotkeys({
    a: () => (decides ? setOpen('approve') : undefined),
    r: () => (decides ? setOpen('reject') : undefined),
  });
  const show = (to: ItemState | undefined) =>
    void navigate({
      to: '/compliance/disposals/$id',
      params: { id: run.id },
      search: readItemFilter({ item: to }),
      replace: true,
    });
  return (
    <>
      {decides ? <PasskeyNeeded /> : null}
      <section className="card run" aria-label={t('disposals.stateTitle')} data-testid="run-card">
        <div className="retire-row" aria-live="polite">
          <RunStateMark state={run.state} />
          <span className="muted">{t('disposals.asOf', { day: run.asOf })}</span>
          <span className="muted">{t(`disposals.kind.${run.kind}`)}</span>
        </div>
        <RunFigures run={run} item={item} onItem={show} />
        <RunFacts run={run} />
        <RunActions run={run} decides={decides} open={open} onOpen={setOpen} />
      </section>
      <div className="run-columns">
        <section className="card" aria-labelledby="run-grounds">
          <h2 id="run-grounds">{t('disposals.byGround')}</h2>
          <GroundTable counts={run.counts} />
          <Kept run={run} />
        </section>
        <div className="run-side">
          <RunDecisions run={run} />
          <RunCertificate run={run} />
        </div>
      </div>
      <RunItems run={run} state={item} onState={show} />
    </>
  );
}

/** Who proposed it, until when it can be signed, and when it went. */
function RunFacts({ run }: { run: DisposalRunView }) {
  const { t } = useTranslation();
  const { proposedBy, proposedAt, decideBy, begunAt, endedAt, state } = run;
  const facts: [string, ReactNode][] = [
    [t('disposals.proposedBy'), <PartyName key="by" party={proposedBy} />],
    [t('disposals.proposedAt'), <Moment key="at" at={proposedAt} exact />],
    [
      t('disposals.decideBy'),
      state === 'proposed' ? <Moment key="decide" at={decideBy} exact /> : undefined,
    ],
    [
      t('disposals.begunAt'),
      begunAt === undefined ? undefined : <Moment key="begun" at={begunAt} exact />,
    ],
    [
      t('disposals.endedAt'),
      endedAt === undefined ? undefined : <Moment key="ended" at={endedAt} exact />,
    ],
  ];
  return (
    <dl className="retire-facts">
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

/** Why records that were on the list stayed. */
function Kept({ run }: { run: DisposalRunView }) {
  const { t } = useTranslation();
  if (run.kept.length === 0) return null;
  return (
    <>
      <h3>{t('disposals.kept')}</h3>
      <ul className="kept" data-testid="kept">
        {run.kept.map(({ why, records }) => (
          <li key={why}>
            {t(`disposals.why.${why}`)} <span className="num">{callsOf(t, records)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
