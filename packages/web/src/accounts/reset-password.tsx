import { useMutation } from '@tanstack/react-query';
import type { AccountView } from '@voxkeep/contract';
import { App, Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

/** A new password for somebody who lost theirs; their sessions end. */
export function ResetPassword({ account, onClose }: { account: AccountView; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ password: string }>();
  const reset = useMutation({
    mutationFn: (body: { password: string }) =>
      ask<void>(`/accounts/${account.id}/password`, { method: 'POST', body }),
    onSuccess: () => {
      void message.success(t('accounts.passwordReset'));
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t('accounts.resetPasswordOf', { name: account.displayName })}
      okText={t('accounts.save')}
      cancelText={t('shell.cancel')}
      confirmLoading={reset.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {reset.isError ? <ProblemPanel error={reset.error} /> : null}
      <Form
        form={form}
        name="reset-password"
        layout="vertical"
        requiredMark={false}
        onFinish={(fields) => reset.mutate(fields)}
      >
        <Form.Item
          name="password"
          label={t('accounts.newPassword')}
          extra={t('accounts.passwordHint')}
          rules={[
            { required: true, message: t('accounts.needed') },
            { min: 12, message: t('accounts.shortPassword') },
          ]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
