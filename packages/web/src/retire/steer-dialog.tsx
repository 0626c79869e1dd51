import { useMutation } from '@tanstack/react-query';
import type { DisposalRunState, DisposalRunView } from '@voxkeep/contract';
import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

export type Steering = 'pause' | 'resume' | 'stop';

/** What can be done with a list in a state, as the archive has it. */
export function steeringsOf(state: DisposalRunState): Steering[] {
  if (state === 'proposed') return ['stop'];
  if (state === 'approved' || state === 'running') return ['pause', 'stop'];
  return state === 'paused' ? ['resume', 'stop'] : [];
}

/** Pauses a list, lets it go on or stops it, after it has said what that does. */
export function SteerDialog({
  runId,
  to,
  onDone,
  onClose,
}: {
  runId: string;
  to: Steering;
  onDone: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const steer = useMutation({
    mutationFn: () => ask<DisposalRunView>(`/disposals/runs/${runId}/${to}`, { method: 'POST' }),
    onSuccess: onDone,
  });
  return (
    <Modal
      open
      title={t(`disposals.steer.${to}`)}
      okText={t(`disposals.${to}`)}
      cancelText={t('shell.cancel')}
      confirmLoading={steer.isPending}
      okButtonProps={{
        ...{ autoFocus: true, danger: to === 'stop', 'data-testid': 'steer-confirm' },
      }}
      onOk={() => steer.mutate()}
      onCancel={onClose}
    >
      {steer.isError ? <ProblemPanel error={steer.error} /> : null}
      <p>{t(`disposals.steerLead.${to}`)}</p>
    </Modal>
  );
}
