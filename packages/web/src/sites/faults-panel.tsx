import { useQueries } from '@tanstack/react-query';
import type { SiteView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { siteFaultsQuery } from '../api/queries.ts';
import { codeWords, labelOf, remedyFor } from '../i18n/label-of.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';

/** Copies that are not what was written and could not be mended yet, and what to do about each. */
export function FaultsPanel({ sites }: { sites: readonly SiteView[] }) {
  const { t } = useTranslation();
  const bad = sites.filter(({ faults }) => faults > 0);
  const asked = useQueries({ queries: bad.map(({ name }) => siteFaultsQuery(name)) });
  const failed = asked.find(({ isError }) => isError);
  const lines = bad.flatMap(({ name }, at) =>
    (asked[at]?.data?.faults ?? []).map((fault) => ({ ...fault, site: name })),
  );
  const total = bad.reduce((sum, { faults }) => sum + faults, 0);
  return (
    <section className="card" aria-labelledby="site-faults" data-testid="site-faults">
      <h2 id="site-faults">{t('sites.broken')}</h2>
      {failed === undefined ? null : (
        <ProblemPanel error={failed.error} onRetry={() => void failed.refetch()} />
      )}
      <p className="muted">{t(total === 0 ? 'sites.brokenNone' : 'sites.brokenLead')}</p>
      {lines.length === 0 ? null : (
        <div className="fault-lines">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t('sites.brokenFound')}</th>
                <th scope="col">{t('sites.site')}</th>
                <th scope="col">{t('sites.brokenCode')}</th>
                <th scope="col">{t('sites.brokenPurpose')}</th>
                <th scope="col">{t('sites.brokenRecord')}</th>
                <th scope="col" className="end">
                  {t('sites.brokenAttempts')}
                </th>
                <th scope="col">{t('sites.brokenError')}</th>
              </tr>
            </thead>
            <tbody>
              {lines.map(({ site, objectId, recordId, purpose, code, lastError, ...fault }) => (
                <tr key={site + objectId}>
                  <td>
                    <Moment at={fault.foundAt} />
                  </td>
                  <th scope="row">{labelOf('site', site)}</th>
                  <td title={code}>{codeWords(code) ?? code}</td>
                  <td>{labelOf('sites.purpose', purpose)}</td>
                  <td>
                    <code title={recordId ?? objectId}>…{(recordId ?? objectId).slice(-13)}</code>
                  </td>
                  <td className="end num">{fault.attempts}</td>
                  <td title={lastError}>
                    {lastError === undefined ? (
                      <span className="muted">{t('shell.none')}</span>
                    ) : (
                      <>
                        {codeWords(lastError) ?? lastError} {remedyFor(lastError)}
                      </>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {lines.length < total && lines.length > 0 ? (
        <p className="muted">
          {t('sites.brokenMore', { shown: lines.length, total: total.toLocaleString('en') })}
        </p>
      ) : null}
    </section>
  );
}
