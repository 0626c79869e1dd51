import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { RetentionRulesView } from '@voxkeep/contract';
import { Alert, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { rulesQuery } from '../api/compliance-queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { RulesEditor } from './rules-editor.tsx';
import type { RulesSource } from './rules-source.ts';
import './rules.css';

/** Other rules: written, looked at record by record, and only then in force. */
export function EditRulesPage() {
  const { t } = useTranslation();
  const { from } = useSearch({ from: '/signed-in/compliance/rules/edit' });
  const rules = useQuery(rulesQuery);
  const text = rules.data === undefined ? undefined : textOf(rules.data, from);
  return (
    <div className="page compliance">
      <div className="page-head">
        <h1>{t(from === 'waiting' ? 'compliance.edit.confirmTitle' : 'compliance.edit.title')}</h1>
        <p className="muted">{t('compliance.edit.lead')}</p>
        <div className="page-head-end">
          <Link to="/compliance/rules">{t('compliance.edit.back')}</Link>
        </div>
      </div>
      {rules.isError ? (
        <ProblemPanel error={rules.error} onRetry={() => void rules.refetch()} />
      ) : rules.data === undefined ? (
        <div className="card" aria-busy="true">
          <Skeleton active paragraph={{ rows: 16 }} />
        </div>
      ) : text === undefined ? (
        <Alert
          type="info"
          showIcon
          title={t(from === 'waiting' ? 'compliance.edit.nothingWaits' : 'compliance.edit.noFile')}
        />
      ) : (
        // Of another source it is another text; that the view is read again leaves what was written.
        <RulesEditor key={from ?? 'in-force'} begin={text} view={rules.data} source={from} />
      )}
    </div>
  );
}

function textOf(view: RetentionRulesView, from: RulesSource | undefined): string | undefined {
  if (from === 'file') return view.file;
  return from === 'waiting' ? view.waiting?.rules : view.inForce.rules;
}
