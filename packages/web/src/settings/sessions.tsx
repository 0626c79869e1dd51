import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { sessionsQuery } from '../api/queries.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { problemSentence } from '../shell/problem-words.ts';

/** Open sessions, one's own or, for an administrator, another's; each can be ended. */
export function Sessions({ path, empty }: { path: string; empty?: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const query = sessionsQuery(path);
  const sessions = useQuery(query);
  const end = useMutation({
    mutationFn: (id: string) => ask<void>(`${path}/${id}`, { method: 'DELETE' }),
    onSuccess: async () => {
      void message.success(t('sessions.ended'));
      await queries.invalidateQueries({ queryKey: query.queryKey });
    },
    onError: (error) => void message.error(problemSentence(error)),
  });
  if (sessions.isPending) return <Skeleton active paragraph={{ rows: 2 }} title={false} />;
  if (sessions.isError) {
    return <ProblemPanel error={sessions.error} onRetry={() => void sessions.refetch()} />;
  }
  if (sessions.data.length === 0) return <p className="muted">{empty}</p>;
  return (
    <ul className="sessions" data-testid="sessions">
      {sessions.data.map(({ id, client, method, startedAt, seenAt, current }) => (
        <li key={id}>
          <div>
            <p className="session-client">
              {client ?? t('sessions.unknownClient')}
              {current ? <span className="session-current">{t('sessions.current')}</span> : null}
            </p>
            <p className="muted">
              {method === 'password' ? t('sessions.byPassword') : t('sessions.by', { method })}
              {' · '}
              {t('sessions.since')} <Moment at={startedAt} />
              {' · '}
              {t('sessions.seen')} <Moment at={seenAt} />
            </p>
          </div>
          {current ? null : (
            <Button
              size="small"
              loading={end.isPending && end.variables === id}
              onClick={() => end.mutate(id)}
            >
              {t('sessions.end')}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
