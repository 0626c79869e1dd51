import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AccountView } from '@voxkeep/contract';
import { App, Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { accountsQuery } from '../api/queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

/** Whose account it is, for accounts of which that was not known or was wrong. */
export function SetPerson({ account, onClose }: { account: AccountView; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<{ personId: string }>();
  const set = useMutation({
    mutationFn: (body: { personId: string }) =>
      ask<void>(`/accounts/${account.id}/person`, { method: 'POST', body }),
    onSuccess: async () => {
      void message.success(t('accounts.personSet'));
      await queries.invalidateQueries({ queryKey: accountsQuery.queryKey });
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t('accounts.personOf', { name: account.displayName })}
      okText={t('accounts.save')}
      cancelText={t('shell.cancel')}
      confirmLoading={set.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {set.isError ? <ProblemPanel error={set.error} /> : null}
      <Form
        form={form}
        name="person"
        layout="vertical"
        requiredMark={false}
        onFinish={(fields) => set.mutate(fields)}
      >
        <Form.Item
          name="personId"
          label={t('accounts.personId')}
          extra={t('accounts.personIdHint')}
          rules={[{ required: true, whitespace: true, message: t('accounts.needed') }]}
        >
          <Input autoComplete="off" autoFocus maxLength={64} />
        </Form.Item>
        <p className="muted">{t('accounts.personText')}</p>
      </Form>
    </Modal>
  );
}
