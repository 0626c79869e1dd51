import { BellFilled, BellOutlined, WarningFilled } from '@ant-design/icons';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useHotkeys } from '../shell/hotkeys.ts';
import { NoticeList } from './notice-list.tsx';
import { noticesQuery } from './notices-query.ts';
import './notices.css';

const MOST_SHOWN = 99;

/** How many notices are not read, and the list of them. `n` opens and closes it. */
export function NoticeBell() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { data } = useInfiniteQuery(noticesQuery);
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const bell = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const unread = data?.pages[0]?.unread ?? 0;
  const alarms = data?.pages[0]?.alarms.length ?? 0;

  const close = () => {
    setOpen(false);
    // The next time begins with the newest, and only these are asked for meanwhile.
    queries.setQueryData(noticesQuery.queryKey, (kept) =>
      kept === undefined
        ? kept
        : { pages: kept.pages.slice(0, 1), pageParams: kept.pageParams.slice(0, 1) },
    );
  };
  const toggle = () => {
    if (open) {
      close();
      bell.current?.focus();
    } else setOpen(true);
  };
  useHotkeys({ n: toggle });
  useEffect(() => {
    if (open) panel.current?.focus();
  }, [open]);

  const label =
    alarms > 0
      ? t('notices.bellAlarms', { unread, alarms })
      : unread > 0
        ? t('notices.bellUnread', { unread })
        : t('notices.bellNone');
  const onKeyDown = (event: KeyboardEvent) => {
    // Keys of the page below are not meant while somebody is in here.
    event.stopPropagation();
    if (event.key !== 'Escape' && event.key !== 'n') return;
    event.preventDefault();
    toggle();
  };
  return (
    <div
      className="bell"
      ref={box}
      onBlur={({ relatedTarget }) => {
        if (relatedTarget !== null && box.current?.contains(relatedTarget) !== true) close();
      }}
    >
      <Button
        type="text"
        ref={bell}
        className={alarms > 0 ? 'bell-alarm' : ''}
        aria-label={label}
        title={`${label} (n)`}
        aria-expanded={open}
        aria-haspopup="dialog"
        icon={unread > 0 ? <BellFilled /> : <BellOutlined />}
        onClick={toggle}
        data-testid="notice-bell"
      >
        {unread > 0 ? (
          <span className="bell-count num" aria-hidden="true">
            {alarms > 0 ? <WarningFilled /> : null}
            {unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread}
          </span>
        ) : null}
      </Button>
      <span className="sr-only" role="status">
        {alarms > 0 ? label : ''}
      </span>
      {open ? (
        <>
          {/* Nothing to reach by keyboard: Escape does the same. */}
          <div className="bell-beyond" aria-hidden="true" onMouseDown={close} />
          <div
            className="notices"
            role="dialog"
            aria-label={t('notices.title')}
            tabIndex={-1}
            ref={panel}
            onKeyDown={onKeyDown}
            data-testid="notices"
          >
            <NoticeList onLeave={close} />
          </div>
        </>
      ) : null}
    </div>
  );
}
