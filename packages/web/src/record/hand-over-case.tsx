import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { CaseHandlers, RecordView } from '@voxkeep/contract';
import { Button, Form, Input, Modal, message, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { mayDo } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

interface HandOver {
  /** `person <id>` or `team <name>`. */
  to: string;
  reason: string;
}

/** A crisis handler hands a case to a colleague, or back to a team. */
export function HandOverCase({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  const session = useSession();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm<HandOver>();
  const handlers = useQuery({
    queryKey: ['case-handlers'],
    queryFn: ({ signal }) => ask<CaseHandlers>('/case-handlers', { signal }),
    enabled: open,
  });
  const handOver = useMutation({
    mutationFn: ({ to, reason }: HandOver) => {
      const [kind, name] = [to.slice(0, to.indexOf(' ')), to.slice(to.indexOf(' ') + 1)];
      const body = { reason, ...(kind === 'person' ? { actorId: name } : { teamId: name }) };
      return ask<undefined>(`/records/${record.id}/case`, { method: 'POST', body });
    },
    onSuccess: async () => {
      setOpen(false);
      void message.success(t('record.caseHandedOver'));
      await queries.invalidateQueries({ queryKey: ['record', record.id] });
    },
  });
  if (!mayDo(session, 'assign_case') || record.tier !== 'core') return null;
  return (
    <>
      <Button
        size="small"
        className="panel-action"
        onClick={() => setOpen(true)}
        data-testid="hand-over"
      >
        {t('record.handOver')}
      </Button>
      <Modal
        open={open}
        title={t('record.handOver')}
        okText={t('record.handOver')}
        cancelText={t('shell.cancel')}
        confirmLoading={handOver.isPending}
        okButtonProps={{ 'data-testid': 'hand-over-confirm' }}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        {handOver.isError ? <ProblemPanel error={handOver.error} /> : null}
        {handlers.isError ? <ProblemPanel error={handlers.error} /> : null}
        <p className="dialog-lead">{t('record.handOverNote')}</p>
        <Form form={form} layout="vertical" onFinish={(fields) => handOver.mutate(fields)}>
          <Form.Item
            name="to"
            label={t('record.handOverTo')}
            rules={[{ required: true, message: t('record.handOverToNeeded') }]}
          >
            <Select
              loading={handlers.isPending}
              options={[
                {
                  label: t('record.caseTeams'),
                  options: (handlers.data?.teams ?? []).map((team) => ({
                    value: `team ${team}`,
                    label: team,
                  })),
                },
                {
                  label: t('record.casePeople'),
                  options: (handlers.data?.people ?? []).map(({ id, name }) => ({
                    value: `person ${id}`,
                    label: name,
                  })),
                },
              ]}
            />
          </Form.Item>
          <Form.Item
            name="reason"
            label={t('access.reason')}
            rules={[
              { required: true, min: 2, whitespace: true, message: t('access.reasonNeeded') },
            ]}
          >
            <Input.TextArea rows={3} maxLength={500} />
          </Form.Item>
        </Form>
      </Modal>
    </>
  );
}
