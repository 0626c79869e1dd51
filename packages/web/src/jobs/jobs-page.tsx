import { ReloadOutlined } from '@ant-design/icons';
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { JobLine, JobsView, RecordState } from '@voxkeep/contract';
import { App, Button, Empty, Table } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { jobsQuery } from '../api/queries.ts';
import { writeBytes } from '../i18n/moments.ts';
import { Moment } from '../shell/moment.tsx';
import { MoreButton } from '../shell/more-button.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { problemSentence } from '../shell/problem-words.ts';
import { Reason } from './reason.tsx';
import { RefusedDrops } from './refused-drops.tsx';
import { StateMark } from './state-mark.tsx';
import './jobs.css';

/** Records on their way and those that stopped, with the reason; never their content. */
export function JobsPage() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { state } = useSearch({ from: '/signed-in/jobs' });
  const jobs = useInfiniteQuery({ ...jobsQuery(state), placeholderData: keepPreviousData });
  const retry = useMutation({
    mutationFn: (id: string) => ask<unknown>(`/jobs/${id}/retry`, { method: 'POST' }),
    onSuccess: async () => {
      void message.success(t('jobs.retried'));
      await queries.invalidateQueries({ queryKey: ['jobs'] });
    },
    onError: (error) => void message.error(problemSentence(error)),
  });
  const counts = jobs.data?.pages[0]?.counts ?? [];
  const lines = (jobs.data?.pages ?? []).flatMap((page) => page.jobs);
  const choose = (to: RecordState | undefined) =>
    void navigate({ to: '/jobs', search: to === undefined ? {} : { state: to } });

  const columns: ColumnsType<JobLine> = [
    {
      title: t('jobs.received'),
      dataIndex: 'receivedAt',
      width: 112,
      render: (at: string) => <Moment at={at} />,
    },
    {
      title: t('jobs.state'),
      dataIndex: 'state',
      width: 128,
      render: (of: RecordState) => <StateMark state={of} />,
    },
    {
      title: t('jobs.reason'),
      dataIndex: 'reason',
      width: 340,
      render: (_, line) =>
        line.reasonCode === undefined ? null : <Reason code={line.reasonCode} said={line.reason} />,
    },
    { title: t('jobs.source'), dataIndex: 'sourceSystem', width: 112, ellipsis: true },
    {
      title: t('jobs.id'),
      dataIndex: 'id',
      width: 168,
      ellipsis: true,
      render: (id: string) => <code title={id}>…{id.slice(-13)}</code>,
    },
    {
      title: t('jobs.size'),
      dataIndex: 'mediaBytes',
      width: 88,
      align: 'right',
      render: (size: number) => <span className="num">{writeBytes(size)}</span>,
    },
    {
      title: t('jobs.attempts'),
      dataIndex: 'attempts',
      width: 88,
      align: 'right',
      render: (n: number) => <span className="num">{n}</span>,
    },
    {
      title: t('jobs.action'),
      key: 'action',
      width: 132,
      fixed: 'right',
      render: (_, line) =>
        line.canRetry ? (
          <Button
            size="small"
            loading={retry.isPending && retry.variables === line.id}
            onClick={() => retry.mutate(line.id)}
          >
            {t('jobs.retry')}
          </Button>
        ) : null,
    },
  ];

  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('jobs.title')}</h1>
        <p className="muted">{t('jobs.lead')}</p>
        <div className="page-head-end">
          <Button icon={<ReloadOutlined />} onClick={() => void jobs.refetch()}>
            {t('jobs.refresh')}
          </Button>
        </div>
      </div>
      {jobs.isError ? (
        <ProblemPanel error={jobs.error} onRetry={() => void jobs.refetch()} />
      ) : null}
      <fieldset className="tallies">
        <legend className="sr-only">{t('jobs.byState')}</legend>
        <Tally
          label={t('jobs.all')}
          count={counts.reduce((sum, { count }) => sum + count, 0)}
          on={state === undefined}
          onClick={() => choose(undefined)}
        />
        {withQuarantine(counts).map(({ state: of, count }) => (
          <Tally
            key={of}
            label={<StateMark state={of} />}
            count={count}
            on={state === of}
            onClick={() => choose(of)}
          />
        ))}
      </fieldset>
      <p className="muted quarantine-note">
        {state === 'quarantined' ? t('jobs.quarantineNote') : null}
      </p>
      <Table<JobLine>
        rowKey="id"
        size="small"
        columns={columns}
        dataSource={lines}
        loading={jobs.isPending}
        pagination={false}
        scroll={{ x: 1200 }}
        data-testid="jobs-table"
        locale={{
          emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('jobs.empty')} />,
        }}
      />
      <MoreButton found={jobs} label={t('jobs.loadMore')} />
      <RefusedDrops />
    </div>
  );
}

/** Quarantine is what people come to look for, so it is there when it is empty too. */
function withQuarantine(counts: JobsView['counts']): JobsView['counts'] {
  const known = counts.some(({ state }) => state === 'quarantined');
  return known ? counts : [{ state: 'quarantined', count: 0 }, ...counts];
}

interface TallyParts {
  label: React.ReactNode;
  count: number;
  on: boolean;
  onClick: () => void;
}

function Tally({ label, count, on, onClick }: TallyParts) {
  return (
    <button type="button" className="tally" aria-pressed={on} onClick={onClick}>
      <span className="tally-count num">{count.toLocaleString('en')}</span>
      <span className="tally-label">{label}</span>
    </button>
  );
}
