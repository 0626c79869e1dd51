import { useNavigate } from '@tanstack/react-router';
import type { EngagementView } from '@voxkeep/contract';
import { Form, Input, Modal, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { useToday } from '../compliance/day-text.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { CallsFields } from './calls-fields.tsx';
import { useCheckTitles } from './check-titles.ts';
import { CHECK_IDS, TIERS } from './choices.ts';
import { type EngagementFields, engagementOf } from './engagement-fields.ts';
import { TEXT_LEAST } from './text-least.ts';
import { useChange } from './use-change.ts';

/** Opens an engagement, which is nothing before somebody else of compliance has confirmed its text. */
export function OpenEngagement({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const today = useToday();
  const titleOf = useCheckTitles();
  const [form] = Form.useForm<EngagementFields>();
  const open = useChange<EngagementFields, EngagementView>({
    send: (fields) => ask('/engagements', { method: 'POST', body: engagementOf(fields) }),
    said: t('engagements.opened'),
    onDone: ({ id }) => void navigate({ to: '/compliance/engagements/$id', params: { id } }),
  });
  const needed = { required: true, whitespace: true, message: t('engagements.needed') };
  return (
    <Modal
      open
      title={t('engagements.open')}
      width={720}
      okText={t('engagements.openOk')}
      cancelText={t('shell.cancel')}
      confirmLoading={open.isPending}
      okButtonProps={{ 'data-testid': 'open-engagement-confirm' }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {open.isError ? <ProblemPanel error={open.error} /> : null}
      <p className="dialog-lead">{t('engagements.openLead')}</p>
      <Form<EngagementFields>
        form={form}
        name="engagement"
        layout="vertical"
        requiredMark={false}
        initialValues={{ tiers: [...TIERS], callsTo: today, from: today }}
        onFinish={(fields) => open.mutate(fields)}
        scrollToFirstError
      >
        <Form.Item name="firm" label={t('engagements.firm')} rules={[{ ...needed, min: 2 }]}>
          <Input maxLength={200} autoComplete="off" data-testid="engagement-firm" />
        </Form.Item>
        <Form.Item
          name="purpose"
          label={t('engagements.purpose')}
          extra={t('engagements.purposeHint')}
          rules={[{ ...needed, min: TEXT_LEAST, message: t('engagements.textLeast') }]}
        >
          <Input.TextArea rows={3} maxLength={2000} data-testid="engagement-purpose" />
        </Form.Item>
        <CallsFields />
        <Form.Item
          name="checks"
          label={t('engagements.checks')}
          extra={t('engagements.checksHint')}
        >
          <Select
            mode="multiple"
            allowClear
            optionFilterProp="label"
            placeholder={t('engagements.checksAll')}
            options={CHECK_IDS.map((value) => ({ value, label: titleOf(value) }))}
          />
        </Form.Item>
        <div className="engagement-pair">
          <Form.Item name="from" label={t('engagements.from')} rules={[needed]}>
            <Input type="date" min={today} data-testid="engagement-from" />
          </Form.Item>
          <Form.Item
            name="until"
            label={t('engagements.until')}
            extra={t('engagements.untilHint')}
            rules={[needed]}
          >
            <Input type="date" min={today} data-testid="engagement-until" />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}
