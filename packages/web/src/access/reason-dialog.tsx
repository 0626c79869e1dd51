import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { ACCESS } from '../api/access-queries.ts';
import { ask } from '../api/client.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

interface Reason {
  path: string;
  title: string;
  lead: string;
  confirm: string;
  onDone: () => void;
  onClose: () => void;
}

/** A decision that needs words and no signature: rejecting, revoking. */
export function ReasonDialog({ path, title, lead, confirm, onDone, onClose }: Reason) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [form] = Form.useForm<{ reason: string }>();
  const decide = useMutation({
    mutationFn: (fields: { reason: string }) =>
      ask<unknown>(path, { method: 'POST', body: fields }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ACCESS });
      onDone();
    },
  });
  return (
    <Modal
      open
      title={title}
      okText={confirm}
      cancelText={t('shell.cancel')}
      confirmLoading={decide.isPending}
      okButtonProps={{ danger: true, 'data-testid': 'reason-confirm' }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {decide.isError ? <ProblemPanel error={decide.error} /> : null}
      <p className="dialog-lead">{lead}</p>
      <Form
        form={form}
        name="decide"
        layout="vertical"
        onFinish={(fields) => decide.mutate(fields)}
      >
        <Form.Item
          name="reason"
          label={t('access.reason')}
          rules={[{ required: true, min: 2, whitespace: true, message: t('access.reasonNeeded') }]}
        >
          <Input.TextArea
            autoFocus
            rows={3}
            maxLength={500}
            showCount
            data-testid="reason"
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.submit();
            }}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
