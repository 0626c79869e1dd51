import type { ReactNode } from 'react';
import { PartyName } from '../retire/party-name.tsx';
import { Moment } from '../shell/moment.tsx';

/** Somebody's words, with who wrote them and when. */
export function Said({
  what,
  text,
  by,
  at,
  children,
}: {
  what: string;
  text: string;
  by: { id: string; name?: string | undefined } | undefined;
  at: string | undefined;
  children?: ReactNode;
}) {
  return (
    <div className="engagement-said">
      <p className="muted">
        {what} {by === undefined ? null : <PartyName party={by} />}{' '}
        {at === undefined ? null : <Moment at={at} />}
      </p>
      <p className="engagement-words">{text}</p>
      {children}
    </div>
  );
}
