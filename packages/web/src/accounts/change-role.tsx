import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AccountView, Role } from '@voxkeep/contract';
import { App, Form, Input, Modal, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { accountsQuery } from '../api/queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { ROLES } from './roles.ts';

interface Fields {
  role: Role;
  agentId?: string;
  teamId?: string;
}

/** Another role, with the agent id or team that it rests on. */
export function ChangeRole({ account, onClose }: { account: AccountView; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const role = Form.useWatch('role', form);
  const change = useMutation({
    mutationFn: (fields: Fields) =>
      ask<void>(`/accounts/${account.id}/role`, {
        method: 'POST',
        body: Object.fromEntries(Object.entries(fields).filter(([, value]) => value)),
      }),
    onSuccess: async () => {
      void message.success(t('accounts.roleChanged'));
      await queries.invalidateQueries({ queryKey: accountsQuery.queryKey });
      onClose();
    },
  });
  const needed = (when: boolean) => [{ required: when, message: t('accounts.needed') }];
  return (
    <Modal
      open
      title={t('accounts.changeRole', { name: account.displayName })}
      okText={t('accounts.save')}
      cancelText={t('shell.cancel')}
      confirmLoading={change.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {change.isError ? <ProblemPanel error={change.error} /> : null}
      <Form<Fields>
        form={form}
        name="role"
        layout="vertical"
        initialValues={{ role: account.role, agentId: account.agentId, teamId: account.teamId }}
        onFinish={(fields) => change.mutate(fields)}
      >
        <Form.Item name="role" label={t('accounts.role')} rules={needed(true)}>
          <Select options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))} />
        </Form.Item>
        <Form.Item name="agentId" label={t('accounts.agentId')} rules={needed(role === 'agent')}>
          <Input autoComplete="off" maxLength={64} />
        </Form.Item>
        <Form.Item name="teamId" label={t('accounts.teamId')} rules={needed(role === 'team_lead')}>
          <Input autoComplete="off" maxLength={64} />
        </Form.Item>
        <p className="muted">{t('accounts.roleText')}</p>
      </Form>
    </Modal>
  );
}
