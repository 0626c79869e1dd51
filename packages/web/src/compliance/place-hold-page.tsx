import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { HoldPlaced } from '@voxkeep/contract';
import { App, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { candidatesQuery, HOLDS } from '../api/compliance-queries.ts';
import { type Filters, hasFilters, readFilters } from '../search/filters.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { HeldSearch } from './held-search.tsx';
import { MOST_HELD_AT_ONCE, readRecordIds } from './record-ids.ts';
import { RecordIdsField } from './record-ids-field.tsx';
import { TooLateList } from './too-late-list.tsx';
import '../access/access.css';
import './holds.css';

interface Fields {
  matter: string;
  reason: string;
  custodians?: string[];
}
interface Sent extends Fields {
  recordIds?: string[];
  search?: Filters;
}

/** 设置保全: which records, why, and who is told. */
export function PlaceHoldPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const asked = useSearch({ from: '/signed-in/compliance/holds/new' });
  const filters = readFilters(asked);
  const [text, setText] = useState((asked.record ?? []).join('\n'));
  const { ids, wrong } = readRecordIds(text);
  const candidates = useQuery(candidatesQuery);
  const place = useMutation({
    mutationFn: (body: Sent) => ask<HoldPlaced>('/holds', { method: 'POST', body }),
    onSuccess: async ({ hold, tooLate }) => {
      void message.success(t('compliance.place.done'));
      await queries.invalidateQueries({ queryKey: HOLDS });
      // Records that it came too late for are named before anybody goes on.
      if (tooLate.length === 0) {
        await navigate({ to: '/compliance/holds/$id', params: { id: hold.id }, replace: true });
      }
    },
  });
  const missing =
    ids.length === 0 && !hasFilters(filters)
      ? t('compliance.place.nothing')
      : wrong.length > 0
        ? t('compliance.place.wrongIds', { n: wrong.length })
        : ids.length > MOST_HELD_AT_ONCE
          ? t('compliance.place.tooMany', { n: MOST_HELD_AT_ONCE.toLocaleString('en') })
          : undefined;
  const needed = [{ required: true, min: 2, whitespace: true, message: t('access.needed') }];
  if (place.data !== undefined && place.data.tooLate.length > 0) {
    return (
      <div className="page compliance">
        <div className="page-head">
          <h1>{t('compliance.place.done')}</h1>
        </div>
        <TooLateList tooLate={place.data.tooLate} />
        <p>
          <Link to="/compliance/holds/$id" params={{ id: place.data.hold.id }}>
            {t('compliance.place.open')}
          </Link>
        </p>
      </div>
    );
  }
  return (
    <div className="page ask-page">
      <div className="page-head">
        <h1>{t('compliance.place.title')}</h1>
        <p className="muted">{t('compliance.place.lead')}</p>
      </div>
      <div className="request-columns">
        <div className="card">
          {place.isError ? <ProblemPanel error={place.error} /> : null}
          {candidates.isError ? (
            <ProblemPanel error={candidates.error} onRetry={() => void candidates.refetch()} />
          ) : null}
          <h2>{t('compliance.place.which')}</h2>
          <HeldSearch filters={filters} record={asked.record} />
          <RecordIdsField text={text} onChange={setText} />
          <Form<Fields>
            name="hold"
            layout="vertical"
            className="ask-form"
            requiredMark={false}
            onFinish={(fields) =>
              place.mutate({
                ...fields,
                ...(ids.length === 0 ? {} : { recordIds: ids }),
                ...(hasFilters(filters) ? { search: filters } : {}),
              })
            }
            scrollToFirstError
          >
            <Form.Item
              name="matter"
              label={t('compliance.holds.matter')}
              extra={t('compliance.place.matterHint')}
              rules={needed}
            >
              <Input maxLength={200} autoComplete="off" data-testid="hold-matter" />
            </Form.Item>
            <Form.Item
              name="reason"
              label={t('compliance.holds.reason')}
              extra={t('compliance.place.reasonHint')}
              rules={needed}
            >
              <Input.TextArea rows={3} maxLength={2000} data-testid="hold-reason" />
            </Form.Item>
            <Form.Item
              name="custodians"
              label={t('compliance.holds.custodians')}
              extra={t('compliance.place.custodiansHint')}
            >
              <Select
                mode="multiple"
                allowClear
                optionFilterProp="label"
                maxCount={200}
                loading={candidates.isPending}
                placeholder={t('access.choose')}
                options={(candidates.data ?? []).map(({ id, name, role }) => ({
                  value: id,
                  label: `${name} · ${t(`role.${role}`)}`,
                }))}
              />
            </Form.Item>
            <Button
              type="primary"
              htmlType="submit"
              loading={place.isPending}
              disabled={missing !== undefined}
              title={missing}
              data-testid="hold-submit"
            >
              {t('compliance.place.submit')}
            </Button>
            {missing === undefined ? null : <span className="muted apply-missing">{missing}</span>}
          </Form>
        </div>
        <PlacingMeans />
      </div>
    </div>
  );
}

/** What follows from a hold, before one places it. */
function PlacingMeans() {
  const { t } = useTranslation();
  return (
    <aside className="card next-steps" aria-labelledby="placing-means">
      <h2 id="placing-means">{t('compliance.place.then')}</h2>
      <ol>
        {(['one', 'two', 'three', 'four'] as const).map((step) => (
          <li key={step}>{t(`compliance.place.steps.${step}`)}</li>
        ))}
      </ol>
    </aside>
  );
}
