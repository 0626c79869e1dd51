import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RecordView, Tier } from '@voxkeep/contract';
import { Button, Form, Input, Modal, message, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { mayDo } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

const TIERS: readonly Tier[] = ['basic', 'core', 'sensitive'];
interface Change {
  tier: Tier;
  reason: string;
}

/** Another tier by a person's judgement: a stricter one at once, a looser one with a second person. */
export function ChangeTier({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  const session = useSession();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm<Change>();
  const wanted = Form.useWatch('tier', form);
  const change = useMutation({
    mutationFn: (body: Change) =>
      ask<{ state: string }>(`/records/${record.id}/reclassify`, { method: 'POST', body }),
    onSuccess: async ({ state }) => {
      setOpen(false);
      void message.success(t(state === 'done' ? 'record.tierChanged' : 'record.tierAwaits'));
      await queries.invalidateQueries({ queryKey: ['record', record.id] });
    },
  });
  if (!mayDo(session, 'reclassify')) return null;
  const looser = wanted !== undefined && TIERS.indexOf(wanted) < TIERS.indexOf(record.tier);
  return (
    <>
      <Button
        size="small"
        className="panel-action"
        onClick={() => setOpen(true)}
        data-testid="change-tier"
      >
        {t('record.changeTier')}
      </Button>
      <Modal
        open={open}
        title={t('record.changeTier')}
        okText={t('record.changeTier')}
        cancelText={t('shell.cancel')}
        confirmLoading={change.isPending}
        okButtonProps={{ 'data-testid': 'change-tier-confirm' }}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        {change.isError ? <ProblemPanel error={change.error} /> : null}
        <Form form={form} layout="vertical" onFinish={(fields) => change.mutate(fields)}>
          <Form.Item
            name="tier"
            label={t('record.newTier')}
            rules={[{ required: true, message: t('record.newTierNeeded') }]}
            extra={looser ? t('record.looserNote') : t('record.stricterNote')}
          >
            <Radio.Group
              options={TIERS.filter((tier) => tier !== record.tier).map((tier) => ({
                value: tier,
                label: t(`tier.${tier}`),
              }))}
            />
          </Form.Item>
          <Form.Item
            name="reason"
            label={t('access.reason')}
            rules={[
              { required: true, min: 2, whitespace: true, message: t('access.reasonNeeded') },
            ]}
          >
            <Input.TextArea rows={3} maxLength={500} data-testid="change-tier-reason" />
          </Form.Item>
        </Form>
      </Modal>
    </>
  );
}
