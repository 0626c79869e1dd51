import {
  CheckOutlined,
  ClockCircleOutlined,
  ExclamationCircleFilled,
  WarningFilled,
} from '@ant-design/icons';
import type { SubjectRequestView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';

/** As the archive tells of it: so many days ahead. */
const SOON_DAYS = 3;

/** The last day to answer, and how far off it is: by sign and word, and by colour besides. */
export function Deadline({
  request,
}: {
  request: Pick<SubjectRequestView, 'answerBy' | 'daysLeft' | 'overdue'>;
}) {
  const { t } = useTranslation();
  const { answerBy, daysLeft, overdue } = request;
  if (daysLeft === undefined) {
    return (
      <span className="deadline" data-testid="deadline" data-state="answered">
        <span className="num muted">{answerBy}</span>
        <span className="state state-good">
          <CheckOutlined aria-hidden="true" /> {t('subjects.answered')}
        </span>
      </span>
    );
  }
  const state = overdue ? 'overdue' : daysLeft <= SOON_DAYS ? 'soon' : 'open';
  const tone = { overdue: 'bad', soon: 'held', open: 'gone' }[state];
  return (
    <span className="deadline" data-testid="deadline" data-state={state}>
      <span className="num">{answerBy}</span>
      <span className={`state state-${tone}`}>
        <Sign state={state} />
        {overdue
          ? t('subjects.overdueBy', { n: -daysLeft })
          : daysLeft === 0
            ? t('subjects.dueToday')
            : t('subjects.daysLeft', { n: daysLeft })}
      </span>
    </span>
  );
}

function Sign({ state }: { state: 'overdue' | 'soon' | 'open' }) {
  if (state === 'overdue') return <ExclamationCircleFilled aria-hidden="true" />;
  return state === 'soon' ? (
    <WarningFilled aria-hidden="true" />
  ) : (
    <ClockCircleOutlined aria-hidden="true" />
  );
}
