import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { AccessRequestView, GrantField, RecordsRequestIn } from '@voxkeep/contract';
import { Alert, App, Button, Empty, Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { ACCESS } from '../api/access-queries.ts';
import { ask } from '../api/client.ts';
import { readFilters } from '../search/filters.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { MOST_RECORDS } from './ask-search.ts';
import { countOf, NamedRecords, SearchedRecords } from './asked-records.tsx';
import { FieldChoice } from './field-choice.tsx';
import { fieldsOf } from './grant-fields.ts';
import { MinutesChoice } from './minutes-choice.tsx';
import { NextSteps } from './next-steps.tsx';
import { PurposeFields } from './purpose-fields.tsx';
import './access.css';

type Fields = Pick<RecordsRequestIn, 'fields' | 'purpose' | 'minutes'>;

/** 申请调取: which calls, what of them, why, and for how long. */
export function AskPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { actor } = useSession();
  const search = useSearch({ from: '/signed-in/access/ask' });
  const { record: ids = [], whole } = search;
  const filters = readFilters(search);
  const offered = fieldsOf(actor.role);
  const send = useMutation({
    mutationFn: (fields: Fields) =>
      ask<AccessRequestView>('/access/requests', {
        method: 'POST',
        body: { ...fields, ...(whole === '1' ? { search: filters } : { recordIds: ids }) },
      }),
    onSuccess: async ({ id }) => {
      void message.success(t('access.sent'));
      await queries.invalidateQueries({ queryKey: ACCESS });
      await navigate({ to: '/access/requests/$id', params: { id }, replace: true });
    },
  });
  const count = whole === '1' ? countOf(filters) : ids.length;
  const cannot = count === 0 || (count !== undefined && count > MOST_RECORDS);

  return (
    <div className="page ask-page">
      <div className="page-head">
        <h1>{t('access.ask')}</h1>
        <p className="muted">{t('access.askLead')}</p>
      </div>
      {offered.length === 0 ? (
        <Alert type="warning" showIcon title={t('access.noFields')} />
      ) : ids.length === 0 && whole !== '1' ? (
        <div className="card page-empty">
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('access.askNothing')}>
            <Link to="/">{t('shell.backToSearch')}</Link>
          </Empty>
        </div>
      ) : (
        <div className="request-columns">
          <div className="card">
            {send.isError ? <ProblemPanel error={send.error} /> : null}
            <h2>{t('access.askedCalls')}</h2>
            {whole === '1' ? <SearchedRecords filters={filters} /> : <NamedRecords ids={ids} />}
            <Form<Fields>
              name="ask"
              layout="vertical"
              className="ask-form"
              requiredMark={false}
              initialValues={{ fields: preset(search.field ?? [], offered), minutes: 240 }}
              onFinish={(fields) => send.mutate(fields)}
              scrollToFirstError
            >
              <FieldChoice fields={offered} />
              <PurposeFields />
              <MinutesChoice choices={[30, 60, 120, 240]} />
              <Button
                type="primary"
                htmlType="submit"
                loading={send.isPending}
                disabled={cannot}
                data-testid="ask-submit"
              >
                {t('access.send')}
              </Button>
            </Form>
          </div>
          <div className="ask-side">
            <NextSteps kind="records" />
            {ids.length === 1 ? (
              <p className="muted ask-urgent">
                {t('access.urgent')}{' '}
                <Link to="/access/break-glass" search={{ record: ids[0] as string }}>
                  {t('access.kind.break_glass')}
                </Link>
              </p>
            ) : null}
          </div>
        </div>
      )}
    </div>
  );
}

function preset(wanted: readonly GrantField[], offered: readonly GrantField[]): GrantField[] {
  return offered.filter((field) => wanted.includes(field));
}
