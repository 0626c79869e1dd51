import type { DrillsView, DrillView } from '@voxkeep/contract';
import { Progress } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { writeSpan } from '../i18n/spans.ts';
import { DrillOutcome } from './drill-outcome.tsx';

const PHASES = ['keys', 'catalog', 'ledger', 'calls'] as const;

/** The drill that goes on, step by step; once it has ended, how, to whoever saw it run. */
export function RunningDrill({ view }: { view: DrillsView }) {
  const { t } = useTranslation();
  const [watched, setWatched] = useState<string>();
  const running = view.drills.find(({ outcome }) => outcome === undefined);
  useEffect(() => {
    if (running !== undefined) setWatched(running.id);
  }, [running]);
  const seen = running ?? view.drills.find(({ id }) => id === watched);
  return (
    <div role="status" className={seen === undefined ? undefined : 'running-drill'}>
      {seen === undefined ? null : running !== undefined ? (
        <GoingOn drill={seen} nowMs={Date.parse(view.serverTime)} />
      ) : (
        <p data-testid="drill-over">
          {t('recovery.over', { site: labelOf('site', seen.site) })}
          <DrillOutcome drill={seen} />
        </p>
      )}
    </div>
  );
}

function GoingOn({ drill, nowMs }: { drill: DrillView; nowMs: number }) {
  const { t, i18n } = useTranslation();
  const { site, kind, startedAt, progress } = drill;
  const elapsed = writeSpan(Math.max(0, nowMs - Date.parse(startedAt)), i18n.language);
  return (
    <div data-testid="drill-running">
      <p>
        <strong>
          {t('recovery.goingOn', {
            ...{ site: labelOf('site', site), kind: t(`recovery.kind.${kind}`) },
          })}
        </strong>
        <span className="muted num">{t('recovery.elapsed', { span: elapsed })}</span>
      </p>
      {progress === undefined ? (
        <p className="muted">{t('recovery.phaseUnknown')}</p>
      ) : (
        <Steps progress={progress} />
      )}
    </div>
  );
}

function Steps({ progress }: { progress: NonNullable<DrillView['progress']> }) {
  const { t } = useTranslation();
  const { phase, done, total } = progress;
  const at = PHASES.indexOf(phase);
  const part = total === 0 ? 0 : Math.min(1, done / total);
  const words = t('recovery.phaseOf', {
    ...{ step: at + 1, steps: PHASES.length, phase: t(`recovery.phase.${phase}`) },
    percent: Math.floor(part * 100),
  });
  return (
    <>
      <p className="num">{words}</p>
      <Progress
        percent={Math.floor(((at + part) / PHASES.length) * 100)}
        showInfo={false}
        size="small"
        aria-label={words}
      />
    </>
  );
}
