import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import type { SessionView, SignIn } from '@voxkeep/contract';
import { Alert, Button } from 'antd';
import { type ChangeEvent, type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem, ask } from '../api/client.ts';
import { PASSWORD_CHANGED, sessionQuery } from '../api/queries.ts';
import { codeWords } from '../i18n/label-of.ts';
import { EntryField } from './entry-field.tsx';
import { EntryFrame } from './entry-frame.tsx';
import { firstPath } from './first-path.ts';
import { ProviderWays, useProviders } from './provider-ways.tsx';

type Trouble = 'wrong' | 'wrongTotp' | 'locked' | 'tooMany';
type Typed = { username: string; password: string; totp: string };
const NOTHING: Typed = { username: '', password: '', totp: '' };

export function SignInPage() {
  const { t } = useTranslation();
  const router = useRouter();
  const queries = useQueryClient();
  const { to, refused } = useSearch({ from: '/sign-in' });
  const [directory, setDirectory] = useState<string>();
  const { providers, nameOf } = useProviders();
  const chosen = providers.find(({ id }) => id === directory);
  const [needsTotp, setNeedsTotp] = useState(false);
  const [typed, setTyped] = useState(NOTHING);
  const [tried, setTried] = useState(false);

  const signIn = useMutation({
    mutationFn: (given: SignIn) => {
      const body = directory === undefined ? given : { ...given, provider: directory };
      return ask<SessionView>('/session', { method: 'POST', body });
    },
    onSuccess: async () => {
      queries.removeQueries();
      const session = await queries.fetchQuery(sessionQuery);
      router.history.push(to ?? firstPath(session));
    },
    onError: (error) => {
      if (asksForTotp(error)) setNeedsTotp(true);
      setTried(false);
      setTyped((now) => ({ ...now, totp: '' }));
    },
  });

  const wrong = wrongFields(typed, needsTotp);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong.length > 0) return;
    const { totp, ...named } = typed;
    signIn.mutate(needsTotp ? { ...named, totp } : named);
  };
  /** A field's value, and what is wrong with it once somebody has tried to sign in. */
  const field = (name: keyof Typed, needed: string) => ({
    name,
    value: typed[name],
    onChange: ({ target }: ChangeEvent<HTMLInputElement>) =>
      setTyped((now) => ({ ...now, [name]: target.value })),
    wrong: tried && wrong.includes(name) ? needed : undefined,
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
      <form noValidate onSubmit={submit}>
        <div hidden={needsTotp}>
          <EntryField
            label={chosen === undefined ? t('signIn.username') : nameOf(chosen)}
            {...field('username', t('signIn.usernameNeeded'))}
            autoComplete="username"
            autoFocus
          />
          <EntryField
            label={t('signIn.password')}
            {...field('password', t('signIn.passwordNeeded'))}
            autoComplete="current-password"
          />
        </div>
        {needsTotp ? (
          <EntryField
            label={t('signIn.totp')}
            hint={t('signIn.totpHint')}
            {...field('totp', t('signIn.totpNeeded'))}
            autoFocus
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={6}
            className="totp"
          />
        ) : null}
        <Button
          block
          size="large"
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
            size="large"
            type="link"
            onClick={() => {
              setNeedsTotp(false);
              setTried(false);
              setTyped(NOTHING);
              signIn.reset();
            }}
          >
            {t('signIn.otherAccount')}
          </Button>
        ) : null}
      </form>
      {needsTotp ? null : <ProviderWays chosen={directory} onChoose={setDirectory} />}
    </EntryFrame>
  );
}

/** The fields that lack something. */
function wrongFields({ username, password, totp }: Typed, atTotp: boolean): (keyof Typed)[] {
  if (atTotp) return /^\d{6}$/.test(totp) ? [] : ['totp'];
  return [
    ...(username === '' ? (['username'] as const) : []),
    ...(password === '' ? (['password'] as const) : []),
  ];
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
