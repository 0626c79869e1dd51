import { useTranslation } from 'react-i18next';
import { writeInstant, writeRelative } from '../i18n/moments.ts';
import { useSession } from '../session/use-session.ts';

/** A time the way it is read at a glance, the exact one on hover. */
export function Moment({ at, exact = false }: { at: string; exact?: boolean }) {
  const { i18n } = useTranslation();
  const { timeZone } = useSession();
  const full = writeInstant(at, timeZone);
  const relative = writeRelative(at, Date.now(), i18n.language);
  return (
    <time
      dateTime={at}
      title={exact ? relative : `${full} ${timeZone}`}
      className="moment"
      // On paper "3 minutes ago" says nothing: the print style writes this instead.
      data-exact={full}
    >
      {exact ? full : relative}
    </time>
  );
}
