import { KeyOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Empty, Popconfirm, Table } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { type ApiKeyLine, apiKeysQuery } from '../api/queries.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { problemSentence } from '../shell/problem-words.ts';
import { IssueKey } from './issue-key.tsx';

/** Keys by which other systems send calls in: names and dates, never the keys themselves. */
export function ApiKeys() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const keys = useQuery(apiKeysQuery);
  const [issuing, setIssuing] = useState(false);
  const revoke = useMutation({
    mutationFn: (id: string) => ask<void>(`/api-keys/${id}`, { method: 'DELETE' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
    onError: (error) => void message.error(problemSentence(error)),
  });
  const columns: ColumnsType<ApiKeyLine> = [
    { title: t('accounts.keyName'), dataIndex: 'name' },
    {
      title: t('accounts.keyPrefix'),
      dataIndex: 'prefix',
      width: 144,
      render: (prefix: string) => <code>{prefix}…</code>,
    },
    {
      title: t('accounts.keyScopes'),
      dataIndex: 'scopes',
      width: 168,
      render: (scopes: ApiKeyLine['scopes']) =>
        scopes.map((scope) => t(`accounts.scope.${scope}`)).join('、'),
    },
    {
      title: t('accounts.createdAt'),
      dataIndex: 'createdAt',
      width: 128,
      render: (at: string) => <Moment at={at} />,
    },
    {
      title: t('accounts.keyUntil'),
      dataIndex: 'expiresAt',
      width: 128,
      render: (at: string) => <span className="num">{at.slice(0, 10)}</span>,
    },
    {
      title: t('accounts.keyState'),
      key: 'state',
      width: 120,
      render: (_, { revokedAt }) => (
        <span className={revokedAt === undefined ? 'muted' : 'locked'}>
          {t(revokedAt === undefined ? 'accounts.keyActive' : 'accounts.keyRevoked')}
        </span>
      ),
    },
    {
      title: t('accounts.action'),
      key: 'action',
      width: 104,
      render: (_, { id, name, revokedAt }) =>
        revokedAt === undefined ? (
          <Popconfirm
            title={t('accounts.keyRevokeTitle', { name })}
            description={t('accounts.keyRevokeText')}
            okText={t('accounts.keyRevoke')}
            cancelText={t('shell.cancel')}
            onConfirm={() => revoke.mutate(id)}
          >
            <Button size="small">{t('accounts.keyRevoke')}</Button>
          </Popconfirm>
        ) : null,
    },
  ];
  return (
    <section className="api-keys" aria-labelledby="api-keys">
      <div className="page-head">
        <h2 id="api-keys">{t('accounts.keys')}</h2>
        <div className="page-head-end">
          <Button icon={<KeyOutlined />} onClick={() => setIssuing(true)} data-testid="issue-key">
            {t('accounts.issueKey')}
          </Button>
        </div>
      </div>
      {keys.isError ? (
        <ProblemPanel error={keys.error} onRetry={() => void keys.refetch()} />
      ) : (
        <Table<ApiKeyLine>
          rowKey="id"
          size="small"
          columns={columns}
          dataSource={keys.data ?? []}
          loading={keys.isPending}
          pagination={false}
          scroll={{ x: 880 }}
          locale={{
            emptyText: (
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('accounts.keysEmpty')} />
            ),
          }}
        />
      )}
      <IssueKey open={issuing} onClose={() => setIssuing(false)} />
    </section>
  );
}
