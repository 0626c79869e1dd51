import { CheckOutlined, InfoCircleOutlined } from '@ant-design/icons';
import type { EngagementView } from '@voxkeep/contract';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { codeWords } from '../i18n/label-of.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { ReasonDialog } from '../shell/reason-dialog.tsx';
import { EngagementTerms } from './engagement-terms.tsx';
import { TEXT_LEAST } from './text-least.ts';
import { useChange, useDone } from './use-change.ts';

/** Confirming and closing, as far as this officer may; why they may not confirm is told. */
export function EngagementActions({ engagement }: { engagement: EngagementView }) {
  const { t } = useTranslation();
  const session = useSession();
  const [open, setOpen] = useState<'confirm' | 'close'>();
  const { id, state, may } = engagement;
  const close = () => setOpen(undefined);
  const needsAnother = state === 'opened' && mayOpen(session, 'engage') && !may.includes('confirm');
  if (!needsAnother && !may.includes('confirm') && !may.includes('close')) return null;
  return (
    <div className="hold-actions">
      {may.includes('confirm') ? (
        <Button
          type="primary"
          icon={<CheckOutlined />}
          onClick={() => setOpen('confirm')}
          data-testid="confirm-engagement"
        >
          {t('engagements.confirm')}
        </Button>
      ) : null}
      {may.includes('close') ? (
        <Button danger onClick={() => setOpen('close')} data-testid="close-engagement">
          {t('engagements.close')}
        </Button>
      ) : null}
      {needsAnother ? (
        <span className="muted" data-testid="needs-another">
          <InfoCircleOutlined aria-hidden="true" /> {codeWords('ENGAGEMENT_SECOND_PERSON')}
        </span>
      ) : null}
      {open === 'confirm' && may.includes('confirm') ? (
        <ConfirmDialog engagement={engagement} onClose={close} />
      ) : null}
      {open === 'close' ? <CloseDialog id={id} onClose={close} /> : null}
    </div>
  );
}

/** Shows the very text whose commitment is sent. */
function ConfirmDialog({
  engagement,
  onClose,
}: {
  engagement: EngagementView;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { id, commitment } = engagement;
  const confirm = useChange<{ commitment: string }, EngagementView>({
    engagementId: id,
    send: (body) => ask(`/engagements/${id}/confirm`, { method: 'POST', body }),
    said: t('engagements.confirmed'),
    onDone: onClose,
  });
  return (
    <Modal
      open
      title={t('engagements.confirm')}
      width={640}
      okText={t('engagements.confirm')}
      cancelText={t('shell.cancel')}
      confirmLoading={confirm.isPending}
      okButtonProps={{ 'data-testid': 'confirm-engagement-ok' }}
      onOk={() => confirm.mutate({ commitment })}
      onCancel={onClose}
    >
      {confirm.isError ? <ProblemPanel error={confirm.error} /> : null}
      <p className="dialog-lead">{t('engagements.confirmLead')}</p>
      <EngagementTerms engagement={engagement} />
    </Modal>
  );
}

function CloseDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const done = useDone({ engagementId: id, said: t('engagements.closed'), onDone: onClose });
  return (
    <ReasonDialog
      send={(reason) =>
        ask<EngagementView>(`/engagements/${id}/close`, { method: 'POST', body: { reason } })
      }
      title={t('engagements.close')}
      lead={t('engagements.closeLead')}
      confirm={t('engagements.close')}
      shortest={TEXT_LEAST}
      longest={1000}
      onDone={done}
      onClose={onClose}
    />
  );
}
