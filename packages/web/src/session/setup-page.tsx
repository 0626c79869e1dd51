import { useMutation } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { Alert, Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { EntryFrame } from './entry-frame.tsx';

interface FirstAdmin {
  token: string;
  username: string;
  password: string;
  displayName: string;
  personId: string;
}

/** Makes the first administrator, with the token from the server's start-up log. */
export function SetupPage() {
  const { t } = useTranslation();
  const { token } = useSearch({ from: '/setup' });
  const setup = useMutation({
    mutationFn: (body: FirstAdmin) => ask<unknown>('/setup', { method: 'POST', body }),
  });
  const needed = { required: true, message: t('setup.needed') };

  if (setup.isSuccess) {
    return (
      <EntryFrame title={t('setup.title')}>
        <Alert
          showIcon
          type="success"
          title={t('setup.done')}
          description={<Link to="/sign-in">{t('setup.toSignIn')}</Link>}
        />
      </EntryFrame>
    );
  }
  return (
    <EntryFrame title={t('setup.title')} lead={t('setup.lead')}>
      {setup.isError ? <ProblemPanel error={setup.error} /> : null}
      <Form<FirstAdmin>
        layout="vertical"
        requiredMark={false}
        initialValues={{ token }}
        onFinish={(values) => setup.mutate(values)}
      >
        <Form.Item name="token" label={t('setup.token')} rules={[needed]}>
          <Input autoComplete="off" spellCheck={false} />
        </Form.Item>
        <Form.Item
          name="username"
          label={t('setup.username')}
          extra={t('setup.usernameHint')}
          rules={[
            needed,
            { pattern: /^[a-z0-9][a-z0-9._-]{1,59}$/, message: t('setup.badUsername') },
          ]}
        >
          <Input autoComplete="username" />
        </Form.Item>
        <Form.Item name="displayName" label={t('setup.displayName')} rules={[needed]}>
          <Input autoComplete="name" maxLength={60} />
        </Form.Item>
        <Form.Item
          name="personId"
          label={t('setup.personId')}
          extra={t('setup.personIdHint')}
          rules={[needed]}
        >
          <Input autoComplete="off" maxLength={64} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('setup.password')}
          extra={t('setup.passwordHint')}
          rules={[needed, { min: 12, message: t('setup.shortPassword') }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Button block type="primary" size="large" htmlType="submit" loading={setup.isPending}>
          {t('setup.submit')}
        </Button>
      </Form>
    </EntryFrame>
  );
}
