import { useMutation } from '@tanstack/react-query';
import type { SubjectRequestDetail, SubjectRequestView } from '@voxkeep/contract';
import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { callsOf } from '../i18n/calls-of.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

/** Grants a request, after it has said what comes of it. */
export function GrantDialog({
  request,
  onDone,
  onClose,
}: {
  request: SubjectRequestDetail;
  onDone: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { id, kind, records, corrections } = request;
  const grant = useMutation({
    mutationFn: () => ask<SubjectRequestView>(`/subject-requests/${id}/grant`, { method: 'POST' }),
    onSuccess: onDone,
  });
  const words = { calls: callsOf(t, records), n: corrections?.length ?? 0 };
  return (
    <Modal
      open
      title={t('subjects.grantTitle')}
      okText={t('subjects.grant')}
      cancelText={t('shell.cancel')}
      confirmLoading={grant.isPending}
      okButtonProps={{ autoFocus: true, 'data-testid': 'grant-confirm' }}
      onOk={() => grant.mutate()}
      onCancel={onClose}
    >
      {grant.isError ? <ProblemPanel error={grant.error} /> : null}
      <p className="dialog-lead">{t(`subjects.grantLead.${kind}`, words)}</p>
      {kind === 'erasure' ? <p className="muted">{t('subjects.grantSoonest')}</p> : null}
    </Modal>
  );
}
