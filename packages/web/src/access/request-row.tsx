import type { AccessRequestView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { callsOf } from '../i18n/calls-of.ts';
import { Moment } from '../shell/moment.tsx';
import { FieldNames, KindMark, RequestStateMark } from './request-marks.tsx';

/** A request in a list: who, how many, why, how far. */
export function RequestRow({
  request,
  own = false,
}: {
  request: AccessRequestView;
  /** In a list of one's own, the name goes without saying. */
  own?: boolean;
}) {
  const { t } = useTranslation();
  const { kind, requester, holder, purpose } = request;
  return (
    <>
      <span className="request-row-top">
        {own ? null : (
          <strong>{kind === 'mandate' ? (holder ?? requester).name : requester.name}</strong>
        )}
        {/* The usual kind needs no sign of its own beside a name. */}
        {kind === 'records' && !own ? null : <KindMark kind={kind} />}
        <span className="muted request-row-when">
          <Moment at={request.createdAt} />
        </span>
      </span>
      <span className="request-row-why">
        <span>{t(`access.category.${purpose.category}`)}</span> {purpose.text}
      </span>
      <span className="request-row-foot">
        {request.awaitsReview && request.may.includes('review') ? (
          <span className="await-review">{t('access.toReview')}</span>
        ) : (
          <RequestStateMark state={request.state} />
        )}
        <span className="muted">
          {kind === 'mandate' ? (
            request.reference
          ) : (
            <>
              {callsOf(t, request.recordCount)} ·
              <FieldNames fields={request.fields} />
            </>
          )}
        </span>
      </span>
    </>
  );
}
