import type { DrillsView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { codeWords, labelOf, remedyFor } from '../i18n/label-of.ts';
import { writeTimeUp } from '../i18n/time-up.ts';
import { HealthMark } from '../shell/health-mark.tsx';
import { Moment } from '../shell/moment.tsx';
import { LISTED_AT_MOST, type SiteAnswer } from './judge-recovery.ts';

/** Of each site: back in time or not, how soon, with what loss, tried when and how. */
export function RecoveryAnswers({
  answers,
  view,
}: {
  answers: readonly SiteAnswer[];
  view: DrillsView;
}) {
  const { t } = useTranslation();
  return (
    <table className="plain recovery-answers" data-testid="recovery-answers">
      <caption className="sr-only">{t('recovery.answers')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('recovery.site')}</th>
          <th scope="col">{t('recovery.verdict')}</th>
          <th scope="col" title={t('recovery.rtoWholeHint')}>
            {t('recovery.rtoWhole')}
          </th>
          <th scope="col" title={t('recovery.rpoHint')}>
            {t('recovery.rpo')}
          </th>
          <th scope="col">{t('recovery.tried')}</th>
        </tr>
      </thead>
      <tbody>
        {answers.map((answer) => (
          <tr key={answer.site} data-testid={`recovery-${answer.site}`}>
            <th scope="row">{labelOf('site', answer.site)}</th>
            <Answer answer={answer} view={view} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Answer({ answer: { verdict, drill }, view }: { answer: SiteAnswer; view: DrillsView }) {
  const { t, i18n } = useTranslation();
  const span = (seconds: number) => writeTimeUp(seconds, i18n.language);
  const tooMany = view.drills.length >= LISTED_AT_MOST;
  const word = verdict === 'never' && tooMany ? 'neverLately' : verdict;
  const mark = (
    <HealthMark
      good={verdict === 'within'}
      text={t(`recovery.verdicts.${word}`, { limit: span(view.limitS) })}
    />
  );
  if (drill === undefined) return <td colSpan={4}>{mark}</td>;
  const { figures, kind, startedAt, code } = drill;
  const tried = (
    <td>
      <Moment at={startedAt} /> · {t(`recovery.kind.${kind}`)}
    </td>
  );
  if (verdict === 'failed' || figures === undefined) {
    return (
      <>
        <td>{mark}</td>
        <td colSpan={2} title={code}>
          {code === undefined ? null : [codeWords(code) ?? code, remedyFor(code)].join(' ')}
        </td>
        {tried}
      </>
    );
  }
  const how = kind === 'whole' ? 'measured' : 'projected';
  return (
    <>
      <td>{mark}</td>
      <td className={`num${verdict === 'over' ? ' state-bad' : ''}`}>
        {t(`recovery.${how}`, { span: span(figures.rtoWholeS) })}
      </td>
      <td className="num">
        {figures.rpoS === 0 ? t('recovery.rpoNone') : span(figures.rpoS)}
        {figures.copiesDue === 0 ? null : (
          <span className="held">
            {' · '}
            {t('recovery.copiesDueOf', { n: figures.copiesDue.toLocaleString('en') })}
          </span>
        )}
      </td>
      {tried}
    </>
  );
}
