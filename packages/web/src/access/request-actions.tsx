import { CheckOutlined, CloseOutlined, InfoCircleOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AccessRequestView } from '@voxkeep/contract';
import { App, Button, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { ACCESS } from '../api/access-queries.ts';
import { ask } from '../api/client.ts';
import { codeWords } from '../i18n/label-of.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { ReasonDialog } from '../shell/reason-dialog.tsx';
import { FieldNames } from './request-marks.tsx';
import { ReviewDialog } from './review-dialog.tsx';
import { SignDialog } from './sign-dialog.tsx';
import { saysTheSame } from './signed-text.ts';
import { writeMinutes } from './write-minutes.ts';

export type Act = AccessRequestView['may'][number];

interface Actions {
  request: AccessRequestView;
  /** Which dialog is open; the page holds it, as its keys open them too. */
  open: Act | undefined;
  onOpen: (act: Act | undefined) => void;
  keys?: boolean;
  onDone?: () => void;
}

/** What this viewer may do with the request now, and why they may not approve it when that is so. */
export function RequestActions({ request, open, onOpen, keys = false, onDone }: Actions) {
  const { t } = useTranslation();
  const { may, mayNotApprove, state } = request;
  const offers = (act: Act) => may.includes(act);
  if (may.length === 0 && mayNotApprove === undefined) return null;
  return (
    <div className="request-actions">
      {mayNotApprove === undefined || state !== 'pending' ? null : (
        <p className="may-not" data-testid="may-not-approve">
          <InfoCircleOutlined aria-hidden="true" />
          <span>
            <strong>{t('access.mayNotApprove')}</strong>
            {codeWords(mayNotApprove.code) ?? mayNotApprove.reason}
          </span>
        </p>
      )}
      {offers('review') ? (
        <Button type="primary" onClick={() => onOpen('review')} data-testid="review">
          {t('access.review')}
        </Button>
      ) : null}
      {offers('sign') ? (
        <Button type="primary" danger onClick={() => onOpen('sign')} data-testid="sign">
          {t('access.sign')}
        </Button>
      ) : null}
      {offers('approve') ? (
        <Button
          type="primary"
          icon={<CheckOutlined />}
          onClick={() => onOpen('approve')}
          data-testid="approve"
        >
          {t('access.approve')} {keys ? <kbd>a</kbd> : null}
        </Button>
      ) : null}
      {offers('reject') ? (
        <Button icon={<CloseOutlined />} onClick={() => onOpen('reject')} data-testid="reject">
          {t('access.reject')} {keys ? <kbd>r</kbd> : null}
        </Button>
      ) : null}
      {offers('withdraw') ? (
        <Button onClick={() => onOpen('withdraw')} data-testid="withdraw">
          {t(state === 'live' ? 'access.giveBack' : 'access.withdraw')}
        </Button>
      ) : null}
      {offers('revoke') ? (
        <Button danger onClick={() => onOpen('revoke')} data-testid="revoke">
          {t(state === 'live' ? 'access.revoke' : 'access.stop')}
        </Button>
      ) : null}
      <OpenDialog request={request} open={open} onOpen={onOpen} {...(onDone ? { onDone } : {})} />
    </div>
  );
}

function OpenDialog({ request, open, onOpen, onDone }: Actions) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { timeZone } = useSession();
  if (open === undefined || !request.may.includes(open)) return null;
  const close = () => onOpen(undefined);
  const path = `/access/requests/${request.id}`;
  const done = () => {
    void message.success(t(`access.done.${open}`));
    close();
    onDone?.();
  };
  if (open === 'withdraw') return <Withdraw request={request} onDone={done} onClose={close} />;
  if (open === 'review')
    return <ReviewDialog requestId={request.id} path={path} onDone={done} onClose={close} />;
  if (open === 'reject' || open === 'revoke') {
    return (
      <ReasonDialog
        send={(reason) => ask(`${path}/${open}`, { method: 'POST', body: { reason } })}
        title={t(`access.${open}Title`)}
        lead={t(`access.${open}Lead`)}
        confirm={t(`access.${open}`)}
        onDone={async () => {
          await queries.invalidateQueries({ queryKey: ACCESS });
          done();
        }}
        onClose={close}
      />
    );
  }
  return (
    <SignDialog
      path={path}
      action={open}
      title={t(open === 'sign' ? 'access.signTitle' : 'access.approveTitle')}
      confirm={t('access.signNow')}
      danger={request.kind === 'break_glass'}
      says={(canonical) => saysTheSame(canonical, request, timeZone)}
      onDone={done}
      onClose={close}
    >
      <p className="dialog-lead">
        {request.kind === 'mandate' ? (
          t('access.signsMandate', { name: request.holder?.name ?? '' })
        ) : (
          <>
            {t('access.signsRecords', { name: request.requester.name, count: request.recordCount })}
            <strong>
              <FieldNames fields={request.fields} />
            </strong>
            {request.minutes === undefined
              ? null
              : t('access.signsMinutes', { time: writeMinutes(t, request.minutes) })}
          </>
        )}
      </p>
    </SignDialog>
  );
}

function Withdraw({
  request,
  onDone,
  onClose,
}: {
  request: AccessRequestView;
  onDone: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const live = request.state === 'live';
  const withdraw = useMutation({
    mutationFn: () => ask<unknown>(`/access/requests/${request.id}/withdraw`, { method: 'POST' }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ACCESS });
      onDone();
    },
  });
  return (
    <Modal
      open
      title={t(live ? 'access.giveBackTitle' : 'access.withdrawTitle')}
      okText={t(live ? 'access.giveBack' : 'access.withdraw')}
      cancelText={t('shell.cancel')}
      confirmLoading={withdraw.isPending}
      okButtonProps={{ autoFocus: true, 'data-testid': 'withdraw-confirm' }}
      onOk={() => withdraw.mutate()}
      onCancel={onClose}
    >
      {withdraw.isError ? <ProblemPanel error={withdraw.error} /> : null}
      <p>{t(live ? 'access.giveBackLead' : 'access.withdrawLead')}</p>
    </Modal>
  );
}
