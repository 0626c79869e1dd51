import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import type { SessionView, SignIn } from '@voxkeep/contract';
import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem, ask } from '../api/client.ts';
import { PASSWORD_CHANGED, sessionQuery } from '../api/queries.ts';
import { codeWords } from '../i18n/label-of.ts';
import { EntryFrame } from './entry-frame.tsx';
import { ProviderWays, useProviders } from './provider-ways.tsx';

type Trouble = 'wrong' | 'wrongTotp' | 'locked' | 'tooMany';

export function SignInPage() {
  const { t } = useTranslation();
  const router = useRouter();
  const queries = useQueryClient();
  const { to, refused } = useSearch({ from: '/sign-in' });
  const [directory, setDirectory] = useState<string>();
  const { providers, nameOf } = useProviders();
  const chosen = providers.find(({ id }) => id === directory);
  const [needsTotp, setNeedsTotp] = useState(false);
  const [form] = Form.useForm<SignIn>();

  const signIn = useMutation({
    mutationFn: (typed: SignIn) => {
      const body = directory === undefined ? typed : { ...typed, provider: directory };
      return ask<SessionView>('/session', { method: 'POST', body });
    },
    onSuccess: async () => {
      queries.removeQueries();
      await queries.fetchQuery(sessionQuery);
      router.history.push(to ?? '/');
    },
    onError: (error) => {
      if (asksForTotp(error)) setNeedsTotp(true);
      form.setFieldValue('totp', undefined);
    },
  });

  const firstAsk = signIn.isError && asksForTotp(signIn.error);
  const trouble = signIn.isError && !firstAsk ? describe(signIn.error, needsTotp) : undefined;

  return (
    <EntryFrame title={t('signIn.title')}>
      {trouble === undefined && queries.getQueryData(PASSWORD_CHANGED) === true ? (
        <Alert
          className="entry-alert"
          role="status"
          showIcon
          type="success"
          title={t('settings.saved')}
        />
      ) : null}
      {trouble === undefined ? null : (
        <Alert
          className="entry-alert"
          role="alert"
          showIcon
          type={trouble.kind === 'locked' ? 'warning' : 'error'}
          title={trouble.kind === undefined ? trouble.detail : t(`signIn.${trouble.kind}`)}
        />
      )}
      {refused === undefined || trouble !== undefined ? null : (
        <Alert
          className="entry-alert"
          role="alert"
          showIcon
          type="error"
          title={codeWords(refused) ?? refused}
        />
      )}
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        size="large"
        onFinish={(values) => signIn.mutate(values)}
      >
        <div hidden={needsTotp}>
          <Form.Item
            name="username"
            label={chosen === undefined ? t('signIn.username') : nameOf(chosen)}
            rules={[{ required: true, message: t('signIn.usernameNeeded') }]}
          >
            <Input autoComplete="username" autoFocus data-testid="sign-in-username" />
          </Form.Item>
          <Form.Item
            name="password"
            label={t('signIn.password')}
            rules={[{ required: true, message: t('signIn.passwordNeeded') }]}
          >
            <Input.Password autoComplete="current-password" data-testid="sign-in-password" />
          </Form.Item>
        </div>
        {needsTotp ? (
          <Form.Item
            name="totp"
            label={t('signIn.totp')}
            extra={t('signIn.totpHint')}
            rules={[{ required: true, pattern: /^\d{6}$/, message: t('signIn.totpNeeded') }]}
          >
            <Input
              autoFocus
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={6}
              className="totp"
              data-testid="sign-in-totp"
            />
          </Form.Item>
        ) : null}
        <Button
          block
          type="primary"
          htmlType="submit"
          loading={signIn.isPending}
          data-testid="sign-in-submit"
        >
          {needsTotp ? t('signIn.submitTotp') : t('signIn.submit')}
        </Button>
        {needsTotp ? (
          <Button
            block
            type="link"
            onClick={() => {
              setNeedsTotp(false);
              signIn.reset();
              form.resetFields();
            }}
          >
            {t('signIn.otherAccount')}
          </Button>
        ) : null}
      </Form>
      {needsTotp ? null : <ProviderWays chosen={directory} onChoose={setDirectory} />}
    </EntryFrame>
  );
}

/** The server asks for the second factor only after the password was right. */
function asksForTotp(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.code === 'TOTP_REQUIRED';
}

function describe(error: unknown, atTotp: boolean): { kind?: Trouble; detail: string } {
  if (!(error instanceof ApiProblem)) return { detail: String(error) };
  const { code, status, detail } = error.problem;
  if (code === 'ACCOUNT_LOCKED') return { kind: 'locked', detail };
  if (status === 429) return { kind: 'tooMany', detail };
  if (code === 'TOTP_WRONG') return { kind: 'wrongTotp', detail };
  if (status === 401) return { kind: atTotp ? 'wrongTotp' : 'wrong', detail };
  return { detail };
}
