import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { HoldPlaced, HoldView, TooLate } from '@voxkeep/contract';
import { App, Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { HOLDS } from '../api/compliance-queries.ts';
import { callsOf } from '../i18n/calls-of.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { readRecordIds } from './record-ids.ts';
import { RecordIdsField } from './record-ids-field.tsx';
import { TooLateList } from './too-late-list.tsx';

/** Adding records, and ending it: the latter is another person's than who placed it. */
export function HoldActions({ hold }: { hold: HoldView }) {
  const { t } = useTranslation();
  const { actor } = useSession();
  const [open, setOpen] = useState<'add' | 'release'>();
  const [tooLate, setTooLate] = useState<readonly TooLate[]>([]);
  const isOwn = hold.placedBy === actor.id;
  return (
    <>
      <div className="hold-actions">
        <Button onClick={() => setOpen('add')} data-testid="hold-add">
          {t('compliance.holds.add')}
        </Button>
        <Button
          danger
          disabled={isOwn}
          title={isOwn ? t('code.HOLD_SAME_PERSON') : undefined}
          onClick={() => setOpen('release')}
          data-testid="hold-release"
        >
          {t('compliance.holds.release')}
        </Button>
        {isOwn ? <span className="muted">{t('code.HOLD_SAME_PERSON')}</span> : null}
      </div>
      {tooLate.length === 0 ? null : <TooLateList tooLate={tooLate} />}
      {open === 'add' ? (
        <AddDialog hold={hold} onTooLate={setTooLate} onClose={() => setOpen(undefined)} />
      ) : null}
      {open === 'release' ? (
        <LeaveDialog
          title={t('compliance.holds.releaseTitle')}
          lead={t('compliance.holds.releaseLead', { calls: callsOf(t, hold.records) })}
          done={t('compliance.holds.releaseDone')}
          send={(reason) =>
            ask<HoldView>(`/holds/${hold.id}/release`, { method: 'POST', body: { reason } })
          }
          onClose={() => setOpen(undefined)}
        />
      ) : null}
    </>
  );
}

function AddDialog({
  hold,
  onTooLate,
  onClose,
}: {
  hold: HoldView;
  onTooLate: (tooLate: readonly TooLate[]) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const { ids, wrong } = readRecordIds(text);
  const add = useMutation({
    mutationFn: (recordIds: string[]) =>
      ask<HoldPlaced>(`/holds/${hold.id}/records`, { method: 'POST', body: { recordIds } }),
    onSuccess: async ({ tooLate }) => {
      onTooLate(tooLate);
      if (tooLate.length < ids.length) void message.success(t('compliance.holds.added'));
      await queries.invalidateQueries({ queryKey: HOLDS });
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t('compliance.holds.add')}
      okText={t('compliance.holds.add')}
      cancelText={t('shell.cancel')}
      confirmLoading={add.isPending}
      okButtonProps={{
        ...{ disabled: ids.length === 0 || wrong.length > 0 },
        'data-testid': 'hold-add-confirm',
      }}
      onOk={() => add.mutate(ids)}
      onCancel={onClose}
    >
      {add.isError ? <ProblemPanel error={add.error} /> : null}
      <p className="dialog-lead">{t('compliance.holds.addLead')}</p>
      <RecordIdsField text={text} onChange={setText} />
    </Modal>
  );
}
