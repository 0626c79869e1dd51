import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { AccessRequestView, MandateIn } from '@voxkeep/contract';
import { App, Button, DatePicker, Form, Input, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { ACCESS, mandateHoldersQuery } from '../api/access-queries.ts';
import { ask } from '../api/client.ts';
import { vocabularyQuery } from '../api/queries.ts';
import { labelOf } from '../i18n/label-of.ts';
import { instantOfDay } from '../i18n/zone-days.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { MandateReach } from './mandate-reach.tsx';
import { NextSteps } from './next-steps.tsx';
import { PurposeFields } from './purpose-fields.tsx';
import './access.css';

type Days = [Dayjs, Dayjs];
interface Fields {
  holderId: string;
  reference: string;
  period: Days;
  industries?: string[];
  issueTypes?: string[];
  valid: Days;
  purpose: MandateIn['purpose'];
}
const DAY = 'YYYY-MM-DD';

/** A mandate that is asked for: whose it is, over which calls, and from when to when. */
export function MandateFormPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const session = useSession();
  const [form] = Form.useForm<Fields>();
  const drawn = Form.useWatch([], form) as Partial<Fields> | undefined;
  const holders = useQuery(mandateHoldersQuery);
  const searches = mayOpen(session, 'search');
  const vocabulary = useQuery({ ...vocabularyQuery, enabled: searches });
  const send = useMutation({
    mutationFn: (fields: Fields) =>
      ask<AccessRequestView>('/access/mandates', {
        method: 'POST',
        body: mandateOf(fields, session.timeZone),
      }),
    onSuccess: async ({ id }) => {
      void message.success(t('access.sent'));
      await queries.invalidateQueries({ queryKey: ACCESS });
      await navigate({ to: '/access/requests/$id', params: { id }, replace: true });
    },
  });
  const needed = [{ required: true, message: t('access.needed') }];
  const options = (name: 'industry' | 'issueType', values: string[] | undefined) =>
    (values ?? []).map((value) => ({ value, label: labelOf(name, value) }));
  return (
    <div className="page ask-page">
      <div className="page-head">
        <h1>{t('access.newMandate')}</h1>
        <p className="muted">{t('access.newMandateLead')}</p>
      </div>
      <div className="request-columns">
        <div className="card">
          {send.isError ? <ProblemPanel error={send.error} /> : null}
          {holders.isError ? (
            <ProblemPanel error={holders.error} onRetry={() => void holders.refetch()} />
          ) : null}
          <Form<Fields>
            form={form}
            name="mandate"
            layout="vertical"
            requiredMark={false}
            initialValues={{ purpose: { category: 'regulator' } }}
            onFinish={(fields) => send.mutate(fields)}
            scrollToFirstError
          >
            <Form.Item name="holderId" label={t('access.holder')} rules={needed}>
              <Select
                loading={holders.isPending}
                placeholder={t('access.choose')}
                options={(holders.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
                notFoundContent={holders.isPending ? t('shell.loading') : t('access.noHolders')}
              />
            </Form.Item>
            <Form.Item
              name="reference"
              label={t('access.reference')}
              extra={t('access.referenceHint')}
              rules={[...needed, { whitespace: true, message: t('access.needed') }]}
            >
              <Input maxLength={100} autoComplete="off" data-testid="mandate-reference" />
            </Form.Item>
            <Form.Item name="period" label={t('access.period')} rules={needed}>
              <DatePicker.RangePicker
                aria-label={t('access.period')}
                placeholder={[t('search.from'), t('search.to')]}
              />
            </Form.Item>
            <div className="form-pair">
              <Form.Item name="industries" label={t('search.industry')}>
                <Select
                  mode={vocabulary.data === undefined ? 'tags' : 'multiple'}
                  allowClear
                  placeholder={t('search.any')}
                  options={options('industry', vocabulary.data?.industries)}
                />
              </Form.Item>
              <Form.Item name="issueTypes" label={t('search.issueType')}>
                <Select
                  mode={vocabulary.data === undefined ? 'tags' : 'multiple'}
                  allowClear
                  placeholder={t('search.any')}
                  options={options('issueType', vocabulary.data?.issueTypes)}
                />
              </Form.Item>
            </div>
            {searches ? <MandateReach scope={drawn === undefined ? {} : scopeOf(drawn)} /> : null}
            <Form.Item
              name="valid"
              label={t('access.validity')}
              extra={t('access.validityHint')}
              rules={needed}
            >
              <DatePicker.RangePicker
                aria-label={t('access.validity')}
                placeholder={[t('search.from'), t('search.to')]}
              />
            </Form.Item>
            <PurposeFields />
            <Button
              type="primary"
              htmlType="submit"
              loading={send.isPending}
              data-testid="mandate-submit"
            >
              {t('access.send')}
            </Button>
          </Form>
        </div>
        <NextSteps kind="mandate" />
      </div>
    </div>
  );
}

function scopeOf({ period, industries, issueTypes }: Partial<Fields>): Partial<MandateIn['scope']> {
  return {
    ...(period == null ? {} : { from: period[0].format(DAY), to: period[1].format(DAY) }),
    ...(industries === undefined || industries.length === 0 ? {} : { industries }),
    ...(issueTypes === undefined || issueTypes.length === 0 ? {} : { issueTypes }),
  };
}

/** Whole days of the archive's zone: from the first one's midnight to the one after the last. */
function mandateOf(fields: Fields, timeZone: string): MandateIn {
  const [first, last] = fields.valid;
  return {
    ...{ holderId: fields.holderId, reference: fields.reference.trim(), purpose: fields.purpose },
    scope: scopeOf(fields) as MandateIn['scope'],
    validFrom: instantOfDay(first.format(DAY), timeZone),
    validTo: instantOfDay(last.add(1, 'day').format(DAY), timeZone),
  };
}
