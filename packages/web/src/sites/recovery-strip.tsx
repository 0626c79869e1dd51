import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { DrillsView } from '@voxkeep/contract';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { drillsQuery } from '../api/recovery-queries.ts';
import { labelOf } from '../i18n/label-of.ts';
import { writeTimeUp } from '../i18n/time-up.ts';
import { writeList } from '../i18n/write-list.ts';
import { judgeRecovery, type SiteAnswer, type WorstCase, worstOf } from './judge-recovery.ts';

/** The answer first: whether we can be back in time, and how much would be lost. */
export function RecoveryStrip({ sites }: { sites: readonly string[] }) {
  const { t } = useTranslation();
  const { data, isError } = useQuery(drillsQuery);
  // What goes wrong with the question is told where the drills are.
  if (data === undefined) {
    return isError ? null : <p className="recovery-strip" aria-hidden="true" />;
  }
  return (
    <p className="recovery-strip" data-testid="recovery-strip">
      <Said view={data} answers={judgeRecovery(sites, data)} />
      <a href="#site-recovery">{t('recovery.toDrills')}</a>
    </p>
  );
}

function Said({ view, answers }: { view: DrillsView; answers: readonly SiteAnswer[] }) {
  const { t, i18n } = useTranslation();
  const span = (seconds: number) => writeTimeUp(seconds, i18n.language);
  const good = answers.filter(({ verdict }) => verdict === 'within');
  const bad = answers.filter(({ verdict }) => verdict !== 'within');
  const names = (of: readonly SiteAnswer[]) =>
    writeList(
      of.map(({ site }) => labelOf('site', site)),
      i18n.language,
    );
  const worst = worstOf(good);
  const values = {
    ...{ limit: span(view.limitS), rto: span(worst.rtoS), good: names(good), bad: names(bad) },
    loss: lossWords(t, worst, span),
  };
  if (good.length === 0) {
    const tried = bad.some(({ verdict }) => verdict !== 'never');
    return <Line good={false} words={t(tried ? 'recovery.cannot' : 'recovery.untried', values)} />;
  }
  return bad.length === 0 ? (
    <Line good words={t('recovery.can', values)} />
  ) : (
    <>
      <Line good words={t('recovery.canFrom', values)} />
      <Line good={false} words={t('recovery.cannotFrom', values)} />
    </>
  );
}

function lossWords(
  t: TFunction,
  { rpoS, copiesDue }: WorstCase,
  span: (seconds: number) => string,
): string {
  const changes = rpoS === 0 ? t('recovery.lossNoChange') : t('recovery.loss', { rpo: span(rpoS) });
  if (copiesDue > 0) {
    return t('recovery.lossCopies', { loss: changes, n: copiesDue.toLocaleString('en') });
  }
  return rpoS === 0 ? t('recovery.lossNone') : changes;
}

function Line({ good, words }: { good: boolean; words: string }) {
  return (
    <strong className={good ? 'state-good' : 'state-bad'}>
      {good ? <CheckCircleFilled aria-hidden="true" /> : <CloseCircleFilled aria-hidden="true" />}{' '}
      {words}
    </strong>
  );
}
