import { KeyOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { AccessRequestView, RecordView } from '@voxkeep/contract';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ACCESS, grantsQuery } from '../api/access-queries.ts';
import { writeInstant } from '../i18n/moments.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Countdown } from './countdown.tsx';
import { FieldNames } from './request-marks.tsx';
import { TakeAway } from './take-away.tsx';

/** On a call's page, while a grant covers it: until when, what for, what it opens. */
export function GrantBar({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  const session = useSession();
  const queries = useQueryClient();
  const holds = mayOpen(session, 'mine') || mayOpen(session, 'mandates');
  const grants = useQuery({ ...grantsQuery, enabled: holds });
  const covering = (grants.data?.grants ?? []).filter((grant) =>
    covers(grant, record, session.timeZone),
  );
  // Taken back, given back or over: what is on the screen is asked for again at once.
  const key = covering.map(({ id }) => id).join(' ');
  const before = useRef<string>(undefined);
  const settled = grants.data !== undefined;
  useEffect(() => {
    if (!settled) return;
    const changed = before.current !== undefined && before.current !== key;
    before.current = key;
    if (!changed) return;
    for (const name of ['record', 'transcript', 'peaks']) {
      void queries.invalidateQueries({ queryKey: [name, record.id] });
    }
  }, [settled, key, queries, record.id]);

  return covering.map((grant, at) => (
    <div key={grant.id} className="grant-bar" role="status" data-testid="grant-bar">
      <KeyOutlined aria-hidden="true" />
      <strong>
        {t(grant.kind === 'records' ? 'access.byGrant' : `access.kind.${grant.kind}`)}
      </strong>
      <span className="grant-bar-why">
        <Link to="/access/requests/$id" params={{ id: grant.id }}>
          {t(`access.category.${grant.purpose.category}`)} · {grant.purpose.text}
        </Link>
        {grant.kind === 'mandate' ? null : (
          <span className="muted">
            {t('access.opens')} <FieldNames fields={grant.fields} />
          </span>
        )}
      </span>
      {grant.endsAt === undefined ? null : (
        <Countdown
          endsAt={grant.endsAt}
          aheadMs={grants.data?.aheadMs ?? 0}
          onEnd={() => void queries.invalidateQueries({ queryKey: ACCESS })}
        />
      )}
      {at === 0 ? <TakeAway record={record} /> : null}
    </div>
  ));
}

/** For what is shown only: the archive decides each request by itself. */
function covers(grant: AccessRequestView, record: RecordView, timeZone: string): boolean {
  if (grant.kind !== 'mandate') return grant.records.some(({ id }) => id === record.id);
  if (grant.scope === undefined) return false;
  const { industries, issueTypes, from, to } = grant.scope;
  const day = writeInstant(record.startedAt, timeZone).slice(0, 10);
  return (
    from <= day &&
    day <= to &&
    (industries?.includes(record.industry ?? '') ?? true) &&
    (issueTypes?.includes(record.issueType) ?? true)
  );
}
