import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { AccountView, Role } from '@voxkeep/contract';
import { Button, Empty, Input, Table } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accountsQuery } from '../api/queries.ts';
import { mayOpen } from '../session/abilities.ts';
import { useProviders } from '../session/provider-ways.tsx';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { AccountActions } from './account-actions.tsx';
import { AccountState } from './account-state.tsx';
import { ApiKeys } from './api-keys.tsx';
import { CreateAccount } from './create-account.tsx';
import { PersonMark } from './person-mark.tsx';
import './accounts.css';

/** Who may sign in, and as what. */
export function AccountsPage() {
  const { t } = useTranslation();
  const session = useSession();
  const { actor } = session;
  const accounts = useQuery(accountsQuery);
  const { providers, nameOf } = useProviders();
  const providerName = (id: string) => {
    const found = providers.find((one) => one.id === id);
    return found === undefined ? id : nameOf(found);
  };
  const [filter, setFilter] = useState('');
  const [creating, setCreating] = useState(false);
  const wanted = filter.trim().toLowerCase();
  const shown = (accounts.data ?? []).filter(({ username, displayName }) =>
    `${username} ${displayName.toLowerCase()}`.includes(wanted),
  );

  const columns: ColumnsType<AccountView> = [
    { title: t('accounts.displayName'), dataIndex: 'displayName', width: 104 },
    { title: t('accounts.username'), dataIndex: 'username', width: 128 },
    {
      title: t('accounts.role'),
      dataIndex: 'role',
      width: 96,
      render: (role: Role) => t(`role.${role}`),
    },
    {
      title: t('accounts.person'),
      key: 'person',
      width: 112,
      render: (_, account) => <PersonMark account={account} all={accounts.data ?? []} />,
    },
    { title: t('accounts.agentId'), dataIndex: 'agentId', width: 88 },
    { title: t('accounts.teamId'), dataIndex: 'teamId', width: 80 },
    {
      title: t('accounts.signsIn'),
      dataIndex: 'provider',
      width: 88,
      render: (provider?: string) =>
        provider === undefined ? t('accounts.ownPassword') : providerName(provider),
    },
    {
      title: t('accounts.seenAt'),
      dataIndex: 'seenAt',
      width: 96,
      render: (at?: string) =>
        at === undefined ? <span className="muted">—</span> : <Moment at={at} />,
    },
    {
      title: t('accounts.factor'),
      dataIndex: 'secondFactor',
      width: 96,
      render: (on: boolean) => (
        <span className={on ? 'factor-set' : 'muted'}>
          {t(on ? 'accounts.factorSet' : 'accounts.factorNotSet')}
        </span>
      ),
    },
    {
      title: t('accounts.state'),
      key: 'state',
      width: 120,
      render: (_, account) => <AccountState account={account} />,
    },
    {
      title: t('accounts.action'),
      key: 'action',
      width: 132,
      fixed: 'right',
      render: (_, account) => <AccountActions account={account} self={account.id === actor.id} />,
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
          scroll={{ x: 1140 }}
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
}
