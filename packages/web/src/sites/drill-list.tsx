import { CaretRightOutlined } from '@ant-design/icons';
import type { DrillView } from '@voxkeep/contract';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { writeListTime } from '../i18n/moments.ts';
import { writeTimeUp } from '../i18n/time-up.ts';
import { useSession } from '../session/use-session.ts';
import { DrillFigures } from './drill-figures.tsx';
import { DrillOutcome } from './drill-outcome.tsx';
import { Who } from './drill-who.tsx';

/** Every drill that is remembered, newest first; each opens to all that it found out. */
export function DrillList({ drills, limitS }: { drills: readonly DrillView[]; limitS: number }) {
  const { t } = useTranslation();
  return (
    <section className="drills" tabIndex={0} aria-label={t('recovery.list')}>
      <h3>{t('recovery.list')}</h3>
      <table className="plain" data-testid="drills">
        <thead>
          <tr>
            <th scope="col">{t('recovery.when')}</th>
            <th scope="col">{t('recovery.site')}</th>
            <th scope="col">{t('recovery.beginKind')}</th>
            <th scope="col" className="drills-wide">
              {t('recovery.by')}
            </th>
            <th scope="col">{t('recovery.outcome')}</th>
            <th scope="col" className="end drills-wide">
              {t('recovery.rto')}
            </th>
            <th scope="col" className="end" title={t('recovery.rtoWholeHint')}>
              {t('recovery.rtoWhole')}
            </th>
            <th scope="col" className="end" title={t('recovery.rpoHint')}>
              {t('recovery.rpo')}
            </th>
            <th scope="col" className="end">
              {t('recovery.calls')}
            </th>
            <th scope="col" className="end drills-wide">
              {t('recovery.rows')}
            </th>
          </tr>
        </thead>
        <tbody>
          {drills.map((drill) => (
            <Drill key={drill.id} drill={drill} limitS={limitS} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const COLUMNS = 10;

function Drill({ drill, limitS }: { drill: DrillView; limitS: number }) {
  const { t, i18n } = useTranslation();
  const { timeZone } = useSession();
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const when = writeListTime(drill.startedAt, Date.now(), timeZone, i18n.language);
  return (
    <>
      <tr data-testid="drill">
        <th scope="row">
          <button
            type="button"
            className="link drill-open"
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            aria-label={t('recovery.more', { when })}
            onClick={() => setOpen(!isOpen)}
          >
            <CaretRightOutlined aria-hidden="true" />
            <time dateTime={drill.startedAt}>{when}</time>
          </button>
        </th>
        <td>{labelOf('site', drill.site)}</td>
        <td>{t(`recovery.kind.${drill.kind}`)}</td>
        <td className="drills-wide">
          <Who by={drill.by} />
        </td>
        <td>
          <DrillOutcome drill={drill} />
        </td>
        <Figures drill={drill} limitS={limitS} />
      </tr>
      {isOpen ? (
        <tr id={id} data-testid="drill-figures">
          <td colSpan={COLUMNS}>
            <DrillFigures drill={drill} limitS={limitS} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

function Figures({ drill: { figures }, limitS }: { drill: DrillView; limitS: number }) {
  const { t, i18n } = useTranslation();
  const span = (seconds: number) => writeTimeUp(seconds, i18n.language);
  if (figures === undefined) {
    return (
      <>
        <td className="end muted drills-wide">–</td>
        {[1, 2, 3].map((cell) => (
          <td key={cell} className="end muted">
            –
          </td>
        ))}
        <td className="end muted drills-wide">–</td>
      </>
    );
  }
  const { rtoS, rtoWholeS, rpoS, callsOpened, callsNotOpened, rows } = figures;
  return (
    <>
      <td className="end num drills-wide">{span(rtoS)}</td>
      <td className={`end num${rtoWholeS > limitS ? ' state-bad' : ''}`}>{span(rtoWholeS)}</td>
      <td className="end num">{rpoS === 0 ? t('recovery.rpoNone') : span(rpoS)}</td>
      <td className={`end num${callsNotOpened > 0 ? ' state-bad' : ''}`}>
        {t('recovery.part', {
          n: callsOpened.toLocaleString('en'),
          of: (callsOpened + callsNotOpened).toLocaleString('en'),
        })}
      </td>
      <td className="end num drills-wide">{rows.toLocaleString('en')}</td>
    </>
  );
}
