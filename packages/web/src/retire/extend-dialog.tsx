import { useMutation } from '@tanstack/react-query';
import type { SubjectExtendIn, SubjectRequestView } from '@voxkeep/contract';
import { Form, Input, InputNumber, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

const MOST_DAYS = 60;
interface Fields {
  reason: string;
  days?: number | null;
}

/** Puts the deadline off, once, with the reason. */
export function ExtendDialog({
  id,
  onDone,
  onClose,
}: {
  id: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const extend = useMutation({
    mutationFn: (body: SubjectExtendIn) =>
      ask<SubjectRequestView>(`/subject-requests/${id}/extend`, { method: 'POST', body }),
    onSuccess: onDone,
  });
  return (
    <Modal
      open
      title={t('subjects.extendTitle')}
      okText={t('subjects.extend')}
      cancelText={t('shell.cancel')}
      confirmLoading={extend.isPending}
      okButtonProps={{ 'data-testid': 'extend-confirm' }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {extend.isError ? <ProblemPanel error={extend.error} /> : null}
      <p className="dialog-lead">{t('subjects.extendLead')}</p>
      <Form<Fields>
        form={form}
        name="extend"
        layout="vertical"
        requiredMark={false}
        onFinish={({ reason, days }) =>
          extend.mutate({ reason, ...(typeof days === 'number' ? { days } : {}) })
        }
      >
        <Form.Item
          name="reason"
          label={t('access.reason')}
          rules={[{ required: true, min: 2, whitespace: true, message: t('access.reasonNeeded') }]}
        >
          <Input.TextArea autoFocus rows={3} maxLength={500} showCount data-testid="reason" />
        </Form.Item>
        <Form.Item name="days" label={t('subjects.days')} extra={t('subjects.daysHint')}>
          <InputNumber min={1} max={MOST_DAYS} precision={0} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
