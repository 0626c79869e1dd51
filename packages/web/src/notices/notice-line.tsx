import type { Notice } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { codeWords, labelOf } from '../i18n/label-of.ts';
import { writeInstant } from '../i18n/moments.ts';
import { useSession } from '../session/use-session.ts';
import { noticePath } from './notice-path.ts';
import { SeverityMark } from './severity-mark.tsx';

/** One notice: what it is, when, and a link to what it is about. */
export function NoticeLine({
  notice,
  dated,
  onOpen,
}: {
  notice: Notice;
  /** With its day, where no heading says it. */
  dated: boolean;
  onOpen: (notice: Notice, path: string) => void;
}) {
  const { t } = useTranslation();
  const session = useSession();
  const { timeZone } = session;
  const path = noticePath(notice, session);
  const unread = notice.readAt === undefined;
  const full = writeInstant(notice.toldAt, timeZone);
  return (
    <li className={unread ? 'notice notice-unread' : 'notice'} data-testid="notice">
      <a
        href={path}
        onClick={(event) => {
          // With a modifier the browser opens a tab of its own.
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          onOpen(notice, path);
        }}
      >
        <SeverityMark severity={notice.severity} />
        <span className="notice-words">
          {labelOf('noticeKind', notice.kind)}
          <NoticeCode notice={notice} />
          {unread ? <span className="sr-only">{t('notices.unread')}</span> : null}
        </span>
        <time dateTime={notice.toldAt} title={`${full} ${timeZone}`} className="num">
          {dated ? full.slice(5, 16) : full.slice(11, 16)}
        </time>
      </a>
    </li>
  );
}

/** What went wrong, for notices that say it by a code. */
function NoticeCode({ notice: { detail, resource } }: { notice: Notice }) {
  const { code } = detail;
  if (typeof code !== 'string') return null;
  return (
    <small className="muted notice-code">
      {resource === undefined ? null : <code>{labelOf('site', resource)} </code>}
      {codeWords(code) ?? code}
    </small>
  );
}
