import { CaretRightOutlined } from '@ant-design/icons';
import type { AuditCheckView, AuditRunDetail } from '@voxkeep/contract';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { codeWords } from '../i18n/label-of.ts';
import { AuditOutcome } from './audit-outcome.tsx';
import { FindingList } from './finding-list.tsx';
import { wordsIn } from './words-in.ts';

const COLUMNS = 4;

/** Every check of an audit, those that are wrong first; each opens to what it found. */
export function CheckTable({ run }: { run: AuditRunDetail }) {
  const { t } = useTranslation();
  const order = ['failed', 'not-run', 'noted', 'passed'];
  const rank = ({ outcome }: AuditCheckView) =>
    outcome === undefined ? order.length : order.indexOf(outcome);
  const checks = run.checks.toSorted((a, b) => rank(a) - rank(b));
  return (
    <section className="card" aria-labelledby="audit-checks">
      <h2 id="audit-checks">{t('audits.checks')}</h2>
      <table className="plain audit-checks" data-testid="audit-checks">
        <thead>
          <tr>
            <th scope="col">{t('audits.checks')}</th>
            <th scope="col">{t('audits.outcome')}</th>
            <th scope="col" className="end">
              {t('audits.looked')}
            </th>
            <th scope="col" className="end">
              {t('audits.findings')}
            </th>
          </tr>
        </thead>
        <tbody>
          {checks.map((check) => (
            <CheckRow key={check.id} check={check} runId={run.id} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function CheckRow({ check, runId }: { check: AuditCheckView; runId: string }) {
  const { t, i18n } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const title = wordsIn(check.title, i18n.language);
  return (
    <>
      <tr data-testid="audit-check" data-check={check.id}>
        <th scope="row">
          {check.findings === 0 ? (
            title
          ) : (
            <button
              type="button"
              className="link audit-open"
              aria-expanded={isOpen}
              aria-controls={isOpen ? id : undefined}
              aria-label={t('audits.openCheck', { title })}
              onClick={() => setOpen(!isOpen)}
            >
              <CaretRightOutlined aria-hidden="true" /> {title}
            </button>
          )}
        </th>
        <td>
          <AuditOutcome outcome={check.outcome} />
          {check.code === undefined ? null : (
            <div className="muted">{codeWords(check.code) ?? check.code}</div>
          )}
        </td>
        <td className="end num">{check.looked.toLocaleString('en')}</td>
        <td className="end num">{check.findings.toLocaleString('en')}</td>
      </tr>
      {isOpen ? (
        <tr id={id}>
          <td colSpan={COLUMNS}>
            <FindingList runId={runId} check={check.id} />
          </td>
        </tr>
      ) : null}
    </>
  );
}
