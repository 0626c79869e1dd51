import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { AccessRequestView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { ACCESS, grantsQuery } from '../api/access-queries.ts';
import { Moment } from '../shell/moment.tsx';
import { Countdown } from './countdown.tsx';
import { writeMinutes } from './write-minutes.ts';

/** From when to when it holds; while it waits, until when it can be decided. */
export function RequestTimes({ request }: { request: AccessRequestView }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { state, liveSince, validFrom, endsAt } = request;
  // A mandate's dates are its own, before anybody has signed it too.
  const since = validFrom ?? liveSince;
  const until = endsAt ?? request.validTo;
  const grants = useQuery({ ...grantsQuery, enabled: state === 'live' });
  return (
    <p className="request-times">
      {state === 'pending' ? (
        <span>
          {t('access.decideBy')} <Moment at={request.decideBy} exact />
        </span>
      ) : null}
      {since !== undefined && until !== undefined ? (
        <span>
          {t(validFrom === undefined ? 'access.holds' : 'access.valid')} <Moment at={since} exact />{' '}
          {t('access.until')} <Moment at={until} exact />
        </span>
      ) : request.minutes === undefined ? null : (
        <span>{t('access.forMinutes', { time: writeMinutes(t, request.minutes) })}</span>
      )}
      {state === 'live' && endsAt !== undefined ? (
        <Countdown
          endsAt={endsAt}
          aheadMs={grants.data?.aheadMs ?? 0}
          onEnd={() => void queries.invalidateQueries({ queryKey: ACCESS })}
        />
      ) : null}
    </p>
  );
}
