import { useQuery } from '@tanstack/react-query';
import type { RefusedDrop } from '@voxkeep/contract';
import { Alert, Table } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { useTranslation } from 'react-i18next';
import { dropQuery } from '../api/queries.ts';
import { Moment } from '../shell/moment.tsx';
import { Reason } from './reason.tsx';

/** Calls in the drop folder of which nothing is stored: they are nowhere else to be seen. */
export function RefusedDrops() {
  const { t } = useTranslation();
  const drop = useQuery(dropQuery);
  if (drop.data === undefined) return null;
  const { reachable, refused } = drop.data;
  if (!reachable) {
    return <Alert className="drop-away" type="warning" showIcon title={t('jobs.dropAway')} />;
  }
  if (refused.length === 0) return null;
  const columns: ColumnsType<RefusedDrop> = [
    {
      title: t('jobs.refusedAt'),
      dataIndex: 'at',
      width: 112,
      render: (at: string) => <Moment at={at} />,
    },
    {
      title: t('jobs.dropName'),
      dataIndex: 'name',
      width: 240,
      ellipsis: true,
      render: (name: string | undefined) =>
        name ?? <span className="muted">{t('jobs.dropNameHidden')}</span>,
    },
    {
      title: t('jobs.reason'),
      key: 'reason',
      render: (_, { code, field, reason }) => <Reason code={code} said={reason ?? field} />,
    },
    {
      title: t('jobs.dropFiles'),
      dataIndex: 'removed',
      width: 128,
      render: (removed: boolean) => t(removed ? 'jobs.dropGone' : 'jobs.dropStays'),
    },
  ];
  return (
    <section className="refused-drops" aria-labelledby="refused-drops" data-testid="refused-drops">
      <h2 id="refused-drops">{t('jobs.drops')}</h2>
      <p className="muted">{t('jobs.dropsLead')}</p>
      <Table<RefusedDrop>
        rowKey={({ at, code, name }) => `${at} ${code} ${name ?? ''}`}
        size="small"
        columns={columns}
        dataSource={refused}
        pagination={refused.length > 10 ? { pageSize: 10, size: 'small' } : false}
        scroll={{ x: 720 }}
      />
    </section>
  );
}
