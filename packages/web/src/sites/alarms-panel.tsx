import { CheckCircleFilled, WarningFilled } from '@ant-design/icons';
import type { SiteView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { codeWords, labelOf, remedyFor } from '../i18n/label-of.ts';
import { Moment } from '../shell/moment.tsx';

/** What is wrong and what to do about it; or that nothing is. */
export function AlarmsPanel({ sites }: { sites: readonly SiteView[] }) {
  const { t } = useTranslation();
  const alarms = sites
    .flatMap(({ name, alarms: standing }) => standing.map((one) => ({ ...one, site: name })))
    .sort((a, b) => a.since.localeCompare(b.since));
  const well = sites.every(({ reachable, faults }) => reachable && faults === 0);
  if (alarms.length === 0) {
    return well ? (
      <p className="site-well state-good" data-testid="sites-well">
        <CheckCircleFilled aria-hidden="true" /> {t('sites.allGood')}
      </p>
    ) : null;
  }
  return (
    <section className="card site-alarms" aria-labelledby="site-alarms" data-testid="site-alarms">
      <h2 id="site-alarms">{t('sites.alarms')}</h2>
      <ul>
        {alarms.map(({ site, code, since }) => (
          <li key={site + code} title={code}>
            <WarningFilled aria-hidden="true" />
            <div>
              <strong>
                {labelOf('site', site)} · {codeWords(code) ?? code}
              </strong>
              <p>{remedyFor(code)}</p>
            </div>
            <span className="muted">
              {t('sites.alarmSince')} <Moment at={since} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
