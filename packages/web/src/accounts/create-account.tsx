import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AccountIn, AccountView } from '@voxkeep/contract';
import { App, Form, Input, Modal, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { accountsQuery } from '../api/queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { ROLES } from './roles.ts';

export function CreateAccount({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<AccountIn>();
  const create = useMutation({
    mutationFn: (fields: AccountIn) =>
      ask<AccountView>('/accounts', {
        method: 'POST',
        // Fields left empty are absent, not empty.
        body: Object.fromEntries(Object.entries(fields).filter(([, value]) => value)),
      }),
    onSuccess: async () => {
      void message.success(t('accounts.created'));
      close();
      await queries.invalidateQueries({ queryKey: accountsQuery.queryKey });
    },
  });
  const role = Form.useWatch('role', form);
  const needed = { required: true, message: t('accounts.needed') };
  const close = () => {
    create.reset();
    form.resetFields();
    onClose();
  };
  return (
    <Modal
      title={t('accounts.create')}
      open={open}
      okText={t('accounts.submit')}
      cancelText={t('shell.cancel')}
      confirmLoading={create.isPending}
      onOk={() => form.submit()}
      onCancel={close}
      destroyOnHidden
    >
      {create.isError ? <ProblemPanel error={create.error} /> : null}
      <Form<AccountIn>
        form={form}
        name="account"
        layout="vertical"
        onFinish={(fields) => create.mutate(fields)}
      >
        <Form.Item
          name="username"
          label={t('accounts.username')}
          rules={[
            needed,
            { pattern: /^[a-z0-9][a-z0-9._-]{1,59}$/, message: t('accounts.badUsername') },
          ]}
        >
          <Input autoComplete="off" maxLength={60} />
        </Form.Item>
        <Form.Item name="displayName" label={t('accounts.displayName')} rules={[needed]}>
          <Input autoComplete="off" maxLength={60} />
        </Form.Item>
        <Form.Item name="role" label={t('accounts.role')} rules={[needed]}>
          <Select options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))} />
        </Form.Item>
        <Form.Item
          name="personId"
          label={t('accounts.personId')}
          extra={t('accounts.personIdHint')}
          rules={role === 'service' ? [] : [needed]}
        >
          <Input autoComplete="off" maxLength={64} />
        </Form.Item>
        {role === 'auditor' ? (
          <Form.Item
            name="engagementId"
            label={t('accounts.engagementId')}
            extra={t('accounts.engagementIdHint')}
          >
            <Input autoComplete="off" maxLength={36} data-testid="account-engagement" />
          </Form.Item>
        ) : null}
        <Form.Item name="agentId" label={t('accounts.agentId')}>
          <Input autoComplete="off" maxLength={64} />
        </Form.Item>
        <Form.Item name="teamId" label={t('accounts.teamId')}>
          <Input autoComplete="off" maxLength={64} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('accounts.password')}
          extra={t('accounts.passwordHint')}
          rules={[needed, { min: 12, message: t('accounts.shortPassword') }]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
