import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { NoticeAddressView } from '@voxkeep/contract';
import { Button, Form, Input, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { usePreferences } from '../app/preferences.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { noticeAddressQuery } from './notices-query.ts';

/** Where one wants mail about one's notices; in the language of one's pages. */
export function NoticeAddress() {
  const { t } = useTranslation();
  const kept = useQuery(noticeAddressQuery);
  return (
    <section className="card" aria-labelledby="notice-address">
      <h2 id="notice-address">{t('notices.mailTitle')}</h2>
      <p className="muted">{t('notices.mailLead')}</p>
      {kept.isPending ? (
        <Skeleton active title={false} paragraph={{ rows: 2 }} />
      ) : kept.isError ? (
        <ProblemPanel error={kept.error} onRetry={() => void kept.refetch()} />
      ) : (
        <AddressForm kept={kept.data} />
      )}
    </section>
  );
}

function AddressForm({ kept }: { kept: NoticeAddressView }) {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: ({ address = '' }: { address?: string }) => {
      const body = { address: address.trim() === '' ? null : address.trim(), language };
      return ask<void>('/notices/address', { method: 'PUT', body });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: noticeAddressQuery.queryKey }),
  });
  return (
    <>
      {kept.mail ? null : <p className="muted">{t('notices.mailOff')}</p>}
      {save.isError ? <ProblemPanel error={save.error} /> : null}
      <Form<{ address?: string }>
        name="notice-address"
        layout="vertical"
        requiredMark={false}
        initialValues={{ address: kept.address ?? '' }}
        onFinish={(fields) => save.mutate(fields)}
        onValuesChange={() => save.reset()}
      >
        <Form.Item
          name="address"
          label={t('notices.address')}
          extra={t('notices.addressHint')}
          rules={[{ type: 'email', message: t('notices.addressWrong') }]}
        >
          <Input type="email" autoComplete="email" maxLength={254} />
        </Form.Item>
        <Button htmlType="submit" loading={save.isPending} data-testid="save-notice-address">
          {t('notices.save')}
        </Button>
        <span role="status" className="notice-saved">
          {save.isSuccess ? t('notices.saved') : ''}
        </span>
      </Form>
    </>
  );
}
