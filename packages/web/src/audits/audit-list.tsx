import { Link } from '@tanstack/react-router';
import type { AuditRunView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { writeListTime } from '../i18n/moments.ts';
import { useSession } from '../session/use-session.ts';
import { AuditOutcome } from './audit-outcome.tsx';

/** Every audit that is remembered, newest first; each opens to its checks. */
export function AuditList({ runs }: { runs: readonly AuditRunView[] }) {
  const { t, i18n } = useTranslation();
  const { timeZone } = useSession();
  return (
    <section className="card" aria-labelledby="audit-list">
      <h2 id="audit-list">{t('audits.list')}</h2>
      {runs.length === 0 ? (
        <p className="muted" data-testid="audits-empty">
          {t('audits.empty')}
        </p>
      ) : (
        <table className="plain" data-testid="audits">
          <thead>
            <tr>
              <th scope="col">{t('audits.when')}</th>
              <th scope="col">{t('audits.outcome')}</th>
              <th scope="col" className="end">
                {t('audits.findings')}
              </th>
              <th scope="col" className="end">
                {t('audits.open')}
              </th>
              <th scope="col" className="end">
                {t('audits.accepted')}
              </th>
              <th scope="col" className="end">
                {t('audits.notRun')}
              </th>
              <th scope="col">{t('audits.by')}</th>
            </tr>
          </thead>
          <tbody>
            {runs.map(({ id, asOf, outcome, figures, by }) => (
              <tr key={id} data-testid="audit">
                <th scope="row">
                  <Link to="/audits/$id" params={{ id }}>
                    <time dateTime={asOf}>
                      {writeListTime(asOf, Date.now(), timeZone, i18n.language)}
                    </time>
                  </Link>
                </th>
                <td>
                  <AuditOutcome outcome={outcome} />
                </td>
                <td className="end num">{figures?.findings ?? '–'}</td>
                <td className="end num">{figures?.open ?? '–'}</td>
                <td className="end num">{figures?.accepted ?? '–'}</td>
                <td className="end num">{figures?.notRun ?? '–'}</td>
                <td className="audit-by" title={by}>
                  {by === 'archive' ? t('audits.archive') : by}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
