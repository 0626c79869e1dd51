import { useMutation } from '@tanstack/react-query';
import { Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { ProblemPanel } from './problem-panel.tsx';

interface Reason<Answer> {
  title: string;
  lead: string;
  confirm: string;
  send: (reason: string) => Promise<Answer>;
  /** Characters that the words have at least, and may have. */
  shortest?: number;
  longest?: number;
  onDone: (answer: Answer) => unknown;
  onClose: () => void;
}

/** A decision that needs words, which stay, and no signature: rejecting, revoking, leaving a hold. */
export function ReasonDialog<Answer>({ onDone, onClose, ...asked }: Reason<Answer>) {
  const { title, lead, confirm, send, shortest = 2, longest = 500 } = asked;
  const { t } = useTranslation();
  const [form] = Form.useForm<{ reason: string }>();
  const decide = useMutation({
    mutationFn: ({ reason }: { reason: string }) => send(reason),
    onSuccess: onDone,
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
          rules={[
            { required: true, min: shortest, whitespace: true, message: t('access.reasonNeeded') },
          ]}
        >
          <Input.TextArea
            autoFocus
            rows={3}
            maxLength={longest}
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
