import { CloseOutlined, InfoCircleOutlined, SafetyCertificateOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { DisposalRunView } from '@voxkeep/contract';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { SignDialog } from '../access/sign-dialog.tsx';
import { ask } from '../api/client.ts';
import { DISPOSALS } from '../api/disposal-queries.ts';
import { callsOf } from '../i18n/calls-of.ts';
import { codeWords } from '../i18n/label-of.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { ReasonDialog } from '../shell/reason-dialog.tsx';
import { saysTheRun } from './disposal-statement.ts';
import { listDigestQuery } from './list-digest.ts';
import { mayNotDecide } from './may-not-decide.ts';
import { SteerDialog, type Steering, steeringsOf } from './steer-dialog.tsx';

export type RunAct = 'approve' | 'reject' | Steering;

interface Actions {
  run: DisposalRunView;
  /** Whether this viewer may decide on it now. */
  decides: boolean;
  /** Which dialog is open; the page holds it, as its keys open them too. */
  open: RunAct | undefined;
  onOpen: (act: RunAct | undefined) => void;
}

/** What this viewer may do with the list now; what they may not is told, with the reason. */
export function RunActions(props: Actions) {
  const { run, onOpen } = props;
  const { t } = useTranslation();
  const session = useSession();
  const approver = mayOpen(session, 'inbox');
  const steers = mayOpen(session, 'manageRetention');
  const steerings = steeringsOf(run.state);
  const refusal = approver ? mayNotDecide(run, session.actor.id, Date.now()) : undefined;
  return (
    <div className="run-actions">
      {refusal === undefined ? null : (
        <p className="may-not" data-testid="may-not-decide">
          <InfoCircleOutlined aria-hidden="true" />
          <span>
            <strong>{t('disposals.mayNotDecide')}</strong>
            {codeWords(refusal) ?? refusal}
          </span>
        </p>
      )}
      {props.decides ? <Decide {...props} /> : null}
      {steers
        ? steerings.map((to) => (
            <Button
              key={to}
              danger={to === 'stop'}
              onClick={() => onOpen(to)}
              data-testid={`run-${to}`}
            >
              {t(`disposals.${to}`)}
            </Button>
          ))
        : null}
      {!steers && !approver && steerings.length > 0 ? (
        <span className="muted">{t('disposals.mayNotSteer')}</span>
      ) : null}
      <Dialogs {...props} />
    </div>
  );
}

/** Signing waits until this browser has the whole list: the signature is over that. */
function Decide({ run, onOpen }: Actions) {
  const { t } = useTranslation();
  const list = useQuery(listDigestQuery(run.id));
  return (
    <>
      {list.isError ? (
        <ProblemPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : null}
      <Button
        type="primary"
        icon={<SafetyCertificateOutlined />}
        loading={list.isPending}
        disabled={list.data === undefined}
        title={list.isPending ? t('disposals.listReading') : undefined}
        onClick={() => onOpen('approve')}
        data-testid="run-approve"
      >
        {t('disposals.approve')} <kbd>a</kbd>
      </Button>
      <Button icon={<CloseOutlined />} onClick={() => onOpen('reject')} data-testid="run-reject">
        {t('disposals.reject')} <kbd>r</kbd>
      </Button>
    </>
  );
}

function Dialogs({ run, decides, open, onOpen }: Actions) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  if (open === undefined) return null;
  const close = () => onOpen(undefined);
  const done = (said: string) => {
    void message.success(said);
    void queries.invalidateQueries({ queryKey: DISPOSALS });
    close();
  };
  if (open === 'approve') {
    if (!decides) return null;
    return (
      <SignRun run={run} onDone={() => done(t('disposals.decided.approve'))} onClose={close} />
    );
  }
  if (open === 'reject') {
    if (!decides) return null;
    return (
      <ReasonDialog
        send={(reason) =>
          ask(`/disposals/runs/${run.id}/reject`, { method: 'POST', body: { reason } })
        }
        title={t('disposals.rejectTitle')}
        lead={t('disposals.rejectLead')}
        confirm={t('disposals.reject')}
        onDone={() => done(t('disposals.decided.reject'))}
        onClose={close}
      />
    );
  }
  return (
    <SteerDialog
      runId={run.id}
      to={open}
      onDone={() => done(t(`disposals.steered.${open}`))}
      onClose={close}
    />
  );
}

function SignRun({
  run,
  onDone,
  onClose,
}: {
  run: DisposalRunView;
  onDone: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { data: list } = useQuery(listDigestQuery(run.id));
  if (list === undefined) return null;
  return (
    <SignDialog
      danger
      path={`/disposals/runs/${run.id}`}
      action="approve"
      title={t('disposals.approveTitle')}
      confirm={t('access.signNow')}
      says={(canonical) => saysTheRun(canonical, run, list)}
      onDone={onDone}
      onClose={onClose}
    >
      <p className="dialog-lead">{t('disposals.signs', { calls: callsOf(t, run.records) })}</p>
      <p className="muted dialog-lead" data-testid="list-checked">
        {t('disposals.listChecked', { n: list.records.toLocaleString('en') })}{' '}
        <code title={list.digest}>{list.digest.slice(0, 17)}…</code>
      </p>
    </SignDialog>
  );
}
