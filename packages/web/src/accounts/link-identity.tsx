import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AccountView } from '@voxkeep/contract';
import { App, Form, Input, Modal, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { accountsQuery } from '../api/queries.ts';
import { useProviders } from '../session/provider-ways.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';

interface Fields {
  provider: string;
  subject: string;
}

/** Says whose account it is by the identity that a configured provider knows the person under. */
export function LinkIdentity({ account, onClose }: { account: AccountView; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const { providers, nameOf } = useProviders();
  const [form] = Form.useForm<Fields>();
  const chosen = Form.useWatch('provider', form);
  const kind = providers.find(({ id }) => id === chosen)?.kind ?? 'redirect';
  const link = useMutation({
    mutationFn: ({ provider, subject }: Fields) =>
      ask<void>(`/accounts/${account.id}/identity`, {
        ...{ method: 'POST', body: { provider, subject: subject.trim() } },
      }),
    onSuccess: async () => {
      void message.success(t('accounts.identityLinked'));
      await queries.invalidateQueries({ queryKey: accountsQuery.queryKey });
      onClose();
    },
  });
  const [first] = providers;
  return (
    <Modal
      open
      title={t('accounts.identityOf', { name: account.displayName })}
      okText={t('accounts.linkNow')}
      cancelText={t('shell.cancel')}
      confirmLoading={link.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {link.isError ? <ProblemPanel error={link.error} /> : null}
      <Form
        form={form}
        name="identity"
        layout="vertical"
        requiredMark={false}
        initialValues={first === undefined ? {} : { provider: first.id }}
        onFinish={(fields) => link.mutate(fields)}
      >
        <Form.Item
          name="provider"
          label={t('accounts.provider')}
          rules={[{ required: true, message: t('accounts.needed') }]}
        >
          <Select
            options={providers.map((one) => ({ value: one.id, label: nameOf(one) }))}
            data-testid="identity-provider"
          />
        </Form.Item>
        <Form.Item
          name="subject"
          label={t('accounts.subject')}
          extra={t(`accounts.subjectHint.${kind}`)}
          rules={[{ required: true, whitespace: true, message: t('accounts.needed') }]}
        >
          <Input autoComplete="off" spellCheck={false} autoFocus maxLength={500} />
        </Form.Item>
        <p className="muted">{t('accounts.identityText')}</p>
      </Form>
    </Modal>
  );
}
