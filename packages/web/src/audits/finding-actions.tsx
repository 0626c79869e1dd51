import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AuditAcceptIn, AuditFindingView } from '@voxkeep/contract';
import { App, Button, Input, Modal } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AUDITS } from '../api/audit-queries.ts';
import { ask } from '../api/client.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

const LEAST = 4;

/** Trying it again, and leaving it as it is. */
export function FindingActions({ finding }: { finding: AuditFindingView }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const path = `/audits/findings/${finding.id}`;
  const again = useMutation({
    mutationFn: () => ask<AuditFindingView>(`${path}/retest`, { method: 'POST' }),
    onSuccess: ({ state }) => {
      if (state === 'fixed') void message.success(t('audits.retested'));
      else void message.warning(t('audits.retestStill'));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: AUDITS }),
  });
  return (
    <p className="audit-actions">
      <Button size="small" loading={again.isPending} onClick={() => again.mutate()}>
        {t('audits.retest')}
      </Button>
      <Button size="small" onClick={() => setOpen(true)}>
        {t('audits.accept')}
      </Button>
      {finding.askedBy === undefined ? null : (
        <span className="muted">{t('audits.waitsSecond')}</span>
      )}
      {again.isError ? <ProblemPanel error={again.error} /> : null}
      {isOpen ? <AcceptDialog path={path} onClose={() => setOpen(false)} /> : null}
    </p>
  );
}

function AcceptDialog({ path, onClose }: { path: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const field = useId();
  const accept = useMutation({
    mutationFn: (body: AuditAcceptIn) =>
      ask<AuditFindingView>(`${path}/accept`, { method: 'POST', body }),
    onSuccess: ({ state }) => {
      const done = state === 'accepted' ? 'audits.acceptDone' : 'audits.acceptFirst';
      void message.success(t(done));
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: AUDITS }),
  });
  return (
    <Modal
      open
      title={t('audits.acceptTitle')}
      okText={t('audits.acceptOk')}
      cancelText={t('shell.cancel')}
      confirmLoading={accept.isPending}
      okButtonProps={{ disabled: reason.trim().length < LEAST }}
      onOk={() => accept.mutate({ reason })}
      onCancel={onClose}
    >
      <p className="dialog-lead">{t('audits.acceptLead')}</p>
      {accept.isError ? <ProblemPanel error={accept.error} /> : null}
      <label htmlFor={field}>{t('audits.acceptReason')}</label>
      <Input.TextArea
        id={field}
        rows={3}
        maxLength={1000}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
    </Modal>
  );
}
