import { AlertFilled, AuditOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { inboxQuery } from '../api/access-queries.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';

/** Over every page of an approver: a break-glass that waits for a signature, or for its review. */
export function ApproverAlerts() {
  const { t } = useTranslation();
  const session = useSession();
  const inbox = useQuery({ ...inboxQuery, enabled: mayOpen(session, 'inbox') });
  const requests = inbox.data?.requests ?? [];
  const urgent = requests.filter(
    ({ kind, state }) => kind === 'break_glass' && state === 'pending',
  );
  const toReview = requests.filter(({ may }) => may.includes('review'));
  const [first] = urgent;
  const [review] = toReview;
  return (
    <>
      {first === undefined ? null : (
        <div className="approver-alert approver-alert-urgent" role="alert">
          <AlertFilled aria-hidden="true" />
          <span>{t('access.alertBreakGlass', { name: first.requester.name })}</span>
          <Link to="/access/inbox" search={{ id: first.id }}>
            {t('access.alertLook')}
          </Link>
        </div>
      )}
      {review === undefined ? null : (
        <div className="approver-alert" role="status" data-testid="review-banner">
          <AuditOutlined aria-hidden="true" />
          <span>{t('access.alertReview', { n: toReview.length })}</span>
          <Link to="/access/inbox" search={{ id: review.id }}>
            {t('access.toReview')}
          </Link>
        </div>
      )}
    </>
  );
}
