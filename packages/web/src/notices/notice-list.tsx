import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { Notice, NoticesReadIn, NoticesView } from '@voxkeep/contract';
import { Button, Skeleton } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { useSession } from '../session/use-session.ts';
import { MoreButton } from '../shell/more-button.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { groupNotices, writeDay } from './group-notices.ts';
import { NoticeLine } from './notice-line.tsx';
import { noticesQuery } from './notices-query.ts';

/** What one was told, by day; alarms at the top until they are read. */
export function NoticeList({ onLeave }: { onLeave: () => void }) {
  const { t, i18n } = useTranslation();
  const { timeZone } = useSession();
  const router = useRouter();
  const queries = useQueryClient();
  const id = useId();
  const notices = useInfiniteQuery(noticesQuery);
  const read = useMutation({
    mutationFn: (which: NoticesReadIn) =>
      ask<void>('/notices/read', { method: 'POST', body: which }),
    onSettled: () => queries.invalidateQueries({ queryKey: noticesQuery.queryKey }),
  });
  if (notices.isPending)
    return <Skeleton active paragraph={{ rows: 4 }} className="notices-wait" />;
  if (notices.data === undefined) {
    return <ProblemPanel error={notices.error} onRetry={() => void notices.refetch()} />;
  }
  const { pages } = notices.data;
  const [first] = pages;
  const groups = groupNotices(pages, timeZone);
  const open = (notice: Notice, path: string) => {
    if (notice.readAt === undefined) read.mutate({ ids: [notice.id] });
    onLeave();
    router.history.push(path);
  };
  return (
    <>
      <div className="notices-head">
        <h2>{t('notices.title')}</h2>
        <Button
          size="small"
          disabled={(first?.unread ?? 0) === 0}
          loading={read.isPending}
          onClick={() => read.mutate(allShown(first))}
          data-testid="notices-read-all"
        >
          {t('notices.readAll')}
        </Button>
      </div>
      {read.isError ? <ProblemPanel error={read.error} /> : null}
      {notices.isError ? (
        <p className="notices-stale" role="status">
          {t('notices.stale')}
        </p>
      ) : null}
      {groups.length === 0 ? <p className="notices-empty">{t('notices.empty')}</p> : null}
      {groups.map(({ key, notices: lines }) => (
        <section key={key} aria-labelledby={`${id}-${key}`}>
          <h3 id={`${id}-${key}`}>
            {key === 'alarms'
              ? t('notices.alarms')
              : writeDay(key, Date.now(), timeZone, i18n.language)}
          </h3>
          <ul>
            {lines.map((notice) => (
              <NoticeLine key={notice.id} notice={notice} dated={key === 'alarms'} onOpen={open} />
            ))}
          </ul>
        </section>
      ))}
      <MoreButton found={notices} label={t('notices.older')} />
    </>
  );
}

/** None that came after what is on the screen: it would be read without having been seen. */
function allShown(first: NoticesView | undefined): NoticesReadIn {
  const newest = [...(first?.notices ?? []), ...(first?.alarms ?? [])]
    .map(({ id }) => id)
    .sort()
    .at(-1);
  return newest === undefined ? { all: true } : { all: true, upTo: newest };
}
