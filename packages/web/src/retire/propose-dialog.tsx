import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { DisposalRunIn, DisposalRunView, DueView } from '@voxkeep/contract';
import { App, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { DISPOSALS } from '../api/disposal-queries.ts';
import { callsOf } from '../i18n/calls-of.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { GroundTable, groundKey } from './ground-table.tsx';

/** One list takes so many; the rest goes into the next. */
const MOST_IN_A_LIST = 10_000;

/** Makes a list of what is due, or of the chosen records: nothing goes by it until two have signed. */
export function ProposeDialog({
  due,
  recordIds,
  onClose,
}: {
  due: DueView;
  recordIds: string[] | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const propose = useMutation({
    mutationFn: (body: DisposalRunIn) =>
      ask<DisposalRunView>('/disposals/runs', { method: 'POST', body }),
    onSuccess: async ({ id }) => {
      void message.success(t('disposals.proposed'));
      await queries.invalidateQueries({ queryKey: DISPOSALS });
      await navigate({ to: '/compliance/disposals/$id', params: { id } });
    },
  });
  const records = recordIds?.length ?? Math.min(due.records, MOST_IN_A_LIST);
  return (
    <Modal
      open
      title={t('disposals.proposeTitle')}
      width={640}
      okText={t('disposals.proposeOk')}
      cancelText={t('shell.cancel')}
      confirmLoading={propose.isPending}
      okButtonProps={{ autoFocus: true, 'data-testid': 'propose-confirm' }}
      onOk={() => propose.mutate(recordIds === undefined ? {} : { recordIds })}
      onCancel={onClose}
    >
      {propose.isError ? <ProblemPanel error={propose.error} /> : null}
      <p className="dialog-lead">
        {t('disposals.proposeLead', { calls: callsOf(t, records) })}
        {recordIds === undefined && due.records > MOST_IN_A_LIST
          ? ` ${t('disposals.proposeMost')}`
          : null}
      </p>
      <GroundTable counts={recordIds === undefined ? due.counts : countsOf(due, recordIds)} />
    </Modal>
  );
}

function countsOf(due: DueView, recordIds: readonly string[]): DueView['counts'] {
  const chosen = due.first.filter(({ recordId }) => recordIds.includes(recordId));
  return due.counts.flatMap((count) => {
    const key = groundKey(count);
    const records = chosen.filter((one) => groundKey(one) === key).length;
    return records === 0 ? [] : [{ ...count, records }];
  });
}
