import { CheckCircleFilled, ClockCircleOutlined, CloseCircleFilled } from '@ant-design/icons';
import type { DisposalRunView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { Moment } from '../shell/moment.tsx';
import { PartyName } from './party-name.tsx';

/** Two people sign a list before anything of it goes. */
const NEEDS = 2;

/** Who signed or rejected, in the order of time, and who is waited for. */
export function RunDecisions({ run }: { run: DisposalRunView }) {
  const { t } = useTranslation();
  const { decisions, state, alone } = run;
  const signed = decisions.filter(({ decision }) => decision === 'approved').length;
  const waits = state === 'proposed' ? Math.max(0, NEEDS - signed) : 0;
  return (
    <section className="card decisions" aria-labelledby="run-decisions" data-testid="run-decisions">
      <h2 id="run-decisions">{t('disposals.decisions')}</h2>
      {alone ? <p className="muted">{t('disposals.runAlone')}</p> : null}
      <ol>
        {decisions.map(({ by, decision, at, reason }) => (
          <li key={by.id}>
            <span className={`state state-${decision === 'approved' ? 'good' : 'bad'}`}>
              {decision === 'approved' ? (
                <CheckCircleFilled aria-hidden="true" />
              ) : (
                <CloseCircleFilled aria-hidden="true" />
              )}
              {t(`disposals.decision.${decision}`)}
            </span>
            <span>
              <PartyName party={by} />
              {reason === undefined ? null : <span className="decision-reason">{reason}</span>}
            </span>
            <span className="muted">
              <Moment at={at} />
            </span>
          </li>
        ))}
        {Array.from({ length: waits }, (_, at) => (
          <li key={`open ${String(at)}`} className="decision-open">
            <span className="muted">
              <ClockCircleOutlined aria-hidden="true" /> {t('disposals.waits')}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
