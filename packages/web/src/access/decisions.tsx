import {
  AuditOutlined,
  CheckCircleFilled,
  CloseCircleFilled,
  EditFilled,
  RollbackOutlined,
  StopFilled,
} from '@ant-design/icons';
import type { AccessRequestView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { Moment } from '../shell/moment.tsx';

type Decision = AccessRequestView['decisions'][number]['decision'];

const LOOKS: Record<Decision, [tone: string, icon: React.ReactNode]> = {
  signed: ['good', <EditFilled key="signed" aria-hidden="true" />],
  approved: ['good', <CheckCircleFilled key="approved" aria-hidden="true" />],
  rejected: ['bad', <CloseCircleFilled key="rejected" aria-hidden="true" />],
  withdrawn: ['gone', <RollbackOutlined key="withdrawn" aria-hidden="true" />],
  revoked: ['bad', <StopFilled key="revoked" aria-hidden="true" />],
  reviewed: ['good', <AuditOutlined key="reviewed" aria-hidden="true" />],
};

/** Who decided what, in the order of time. */
export function Decisions({
  request,
  heading: Heading,
}: {
  request: AccessRequestView;
  heading: 'h2' | 'h3';
}) {
  const { t } = useTranslation();
  const { decisions, state, needs } = request;
  const signed = decisions.filter(({ decision }) => SIGNS.has(decision)).length;
  return (
    <section className="decisions" data-testid="decisions">
      <Heading className="request-part">{t('access.decisions')}</Heading>
      {decisions.length === 0 && state !== 'pending' ? (
        <p className="muted">{t('access.noDecisions')}</p>
      ) : null}
      <ol>
        {decisions.map(({ person, decision, at, reason }) => (
          <li key={`${person.id} ${decision} ${at}`}>
            <span className={`state state-${LOOKS[decision][0]}`}>
              {LOOKS[decision][1]}
              {t(`access.decision.${decision}`)}
            </span>
            <span>
              {person.name} <span className="muted">{labelOf('role', person.role)}</span>
              {reason === undefined ? null : <span className="decision-reason">{reason}</span>}
            </span>
            <span className="muted">
              <Moment at={at} />
            </span>
          </li>
        ))}
        {state === 'pending'
          ? Array.from({ length: Math.max(0, needs - signed) }, (_, at) => (
              <li key={`open ${String(at)}`} className="decision-open">
                <span className="muted">{t('access.waitsForSignature')}</span>
              </li>
            ))
          : null}
      </ol>
      {request.awaitsReview ? <p className="await-review">{t('access.awaitsReview')}</p> : null}
    </section>
  );
}

const SIGNS = new Set<Decision>(['signed', 'approved']);
