import { LockOutlined, PlusOutlined, UnlockOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AccountView, Role } from '@voxkeep/contract';
import { App, Button, Empty, Input, Popconfirm, Select, Table } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { accountsQuery } from '../api/queries.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { problemSentence } from '../shell/problem-words.ts';
import { ApiKeys } from './api-keys.tsx';
import { CreateAccount } from './create-account.tsx';
import { ROLES } from './roles.ts';

interface Change {
  account: AccountView;
  role?: Role;
  locked?: boolean;
}

/** Who may sign in, and as what. */
export function AccountsPage() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const session = useSession();
  const { actor } = session;
  const queries = useQueryClient();
  const accounts = useQuery(accountsQuery);
  const [filter, setFilter] = useState('');
  const [creating, setCreating] = useState(false);
  const change = useMutation({
    mutationFn: ({ account, role, locked }: Change) =>
      role === undefined
        ? ask<void>(`/accounts/${account.id}/${locked ? 'lock' : 'unlock'}`, { method: 'POST' })
        : ask<void>(`/accounts/${account.id}/role`, {
            method: 'POST',
            body: { role, agentId: account.agentId, teamId: account.teamId },
          }),
    onSuccess: async (_, { role }) => {
      if (role !== undefined) void message.success(t('accounts.roleChanged'));
      await queries.invalidateQueries({ queryKey: accountsQuery.queryKey });
    },
    onError: (error) => void message.error(problemSentence(error)),
  });
  const wanted = filter.trim().toLowerCase();
  const shown = (accounts.data ?? []).filter(({ username, displayName }) =>
    `${username} ${displayName.toLowerCase()}`.includes(wanted),
  );

  const columns: ColumnsType<AccountView> = [
    { title: t('accounts.displayName'), dataIndex: 'displayName', width: 128 },
    { title: t('accounts.username'), dataIndex: 'username', width: 152 },
    {
      title: t('accounts.role'),
      dataIndex: 'role',
      width: 160,
      render: (role: Role, account) => (
        <Select<Role>
          size="small"
          style={{ inlineSize: 136 }}
          aria-label={t('accounts.changeRole', { name: account.displayName })}
          value={role}
          // Nobody raises or removes themselves.
          disabled={account.id === actor.id}
          options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          onChange={(to) => change.mutate({ account, role: to })}
        />
      ),
    },
    { title: t('accounts.agentId'), dataIndex: 'agentId', width: 96 },
    { title: t('accounts.teamId'), dataIndex: 'teamId', width: 112 },
    {
      title: t('accounts.createdAt'),
      dataIndex: 'createdAt',
      width: 112,
      render: (at: string) => <Moment at={at} />,
    },
    {
      title: t('accounts.state'),
      key: 'state',
      width: 120,
      render: (_, { lockedAt }) =>
        lockedAt === undefined ? (
          <span className="muted">{t('accounts.active')}</span>
        ) : (
          <span className="locked">
            <LockOutlined aria-hidden="true" /> <Moment at={lockedAt} />
          </span>
        ),
    },
    {
      title: t('accounts.action'),
      key: 'action',
      width: 104,
      fixed: 'right',
      render: (_, account) => (
        <span className="account-actions">
          <LockButton account={account} self={account.id === actor.id} />
        </span>
      ),
    },
  ];

  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('accounts.title')}</h1>
        <p className="muted">{t('accounts.lead')}</p>
        <div className="page-head-end">
          <Input.Search
            allowClear
            aria-label={t('accounts.filter')}
            placeholder={t('accounts.filter')}
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
          <Button
            type="primary"
            icon={<PlusOutlined />}
            onClick={() => setCreating(true)}
            data-testid="account-create"
          >
            {t('accounts.create')}
          </Button>
        </div>
      </div>
      {accounts.isError ? (
        <ProblemPanel error={accounts.error} onRetry={() => void accounts.refetch()} />
      ) : (
        <Table<AccountView>
          rowKey="id"
          size="small"
          columns={columns}
          dataSource={shown}
          loading={accounts.isPending}
          pagination={shown.length > 50 ? { pageSize: 50 } : false}
          scroll={{ x: 960 }}
          data-testid="accounts-table"
          locale={{
            emptyText: (
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('accounts.empty')} />
            ),
          }}
        />
      )}
      <CreateAccount open={creating} onClose={() => setCreating(false)} />
      {mayOpen(session, 'apiKeys') ? <ApiKeys /> : null}
    </div>
  );

  function LockButton({ account, self }: { account: AccountView; self: boolean }) {
    if (account.lockedAt !== undefined) {
      return (
        <Button
          size="small"
          icon={<UnlockOutlined />}
          onClick={() => change.mutate({ account, locked: false })}
        >
          {t('accounts.unlock')}
        </Button>
      );
    }
    return (
      <Popconfirm
        title={t('accounts.lockTitle', { name: account.displayName })}
        description={t('accounts.lockText')}
        okText={t('accounts.lock')}
        cancelText={t('shell.cancel')}
        onConfirm={() => change.mutate({ account, locked: true })}
      >
        <Button size="small" icon={<LockOutlined />} disabled={self}>
          {t('accounts.lock')}
        </Button>
      </Popconfirm>
    );
  }
}
