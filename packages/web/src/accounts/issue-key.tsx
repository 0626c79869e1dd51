import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ApiKeyIn, ApiKeyIssued, ApiScope } from '@voxkeep/contract';
import { Alert, Button, Checkbox, Form, Input, InputNumber, Modal, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { apiKeysQuery } from '../api/queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

/** Kept here, so that the page does not carry the schemas' code. */
const SCOPES = [
  'intake',
  'status',
  'witness',
  'scim',
  'closure',
] as const satisfies readonly ApiScope[];

type KeyFields = (typeof ApiKeyIn)['_output'];
type Key = (typeof ApiKeyIssued)['_output'];

/** Issues a key and shows it this once; the dialog closes only by saying that it was stored. */
export function IssueKey({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const issue = useMutation({
    mutationFn: (body: KeyFields) => ask<Key>('/api-keys', { method: 'POST', body }),
  });
  const close = () => {
    issue.reset();
    void queries.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
    onClose();
  };
  return (
    <Modal
      title={t('accounts.keyTitle')}
      open={open}
      closable={!issue.isSuccess}
      mask={{ closable: false }}
      keyboard={!issue.isSuccess}
      footer={null}
      onCancel={close}
      destroyOnHidden
    >
      {issue.isSuccess ? (
        <div className="issued-key">
          <Alert type="warning" showIcon title={t('accounts.keyOnce')} />
          <Typography.Paragraph
            code
            copyable={{ tooltips: [t('shell.copy'), t('shell.copied')] }}
            data-testid="issued-key"
          >
            {issue.data.key}
          </Typography.Paragraph>
          <p className="muted">
            {t('accounts.keyExpires', { date: issue.data.expiresAt.slice(0, 10) })}
          </p>
          <Button type="primary" block onClick={close}>
            {t('accounts.keyDone')}
          </Button>
        </div>
      ) : (
        <Form<KeyFields>
          name="api-key"
          layout="vertical"
          initialValues={{ expiresInDays: 365, scopes: ['intake'] }}
          onFinish={(fields) => issue.mutate(fields)}
        >
          {issue.isError ? <ProblemPanel error={issue.error} /> : null}
          <Form.Item
            name="name"
            label={t('accounts.keyName')}
            rules={[{ required: true, message: t('accounts.needed') }]}
          >
            <Input maxLength={60} placeholder={t('accounts.keyNamePlaceholder')} />
          </Form.Item>
          <Form.Item
            name="scopes"
            label={t('accounts.keyScopes')}
            rules={[{ type: 'array', min: 1, message: t('accounts.needed') }]}
          >
            <Checkbox.Group
              className="key-scopes"
              options={SCOPES.map((value) => ({ value, label: t(`accounts.scope.${value}`) }))}
            />
          </Form.Item>
          <Form.Item name="expiresInDays" label={t('accounts.keyDays')}>
            <InputNumber min={1} max={730} />
          </Form.Item>
          <Button type="primary" block htmlType="submit" loading={issue.isPending}>
            {t('accounts.keyIssue')}
          </Button>
        </Form>
      )}
    </Modal>
  );
}
