import { EllipsisOutlined, LockOutlined, UnlockOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AccountView } from '@voxkeep/contract';
import { App, Button, Dropdown } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { accountsQuery } from '../api/queries.ts';
import { useProviders } from '../session/provider-ways.tsx';
import { problemSentence } from '../shell/problem-words.ts';
import { AccountSessions } from './account-sessions.tsx';
import { ChangeRole } from './change-role.tsx';
import { LinkIdentity } from './link-identity.tsx';
import { ResetPassword } from './reset-password.tsx';
import { SetPerson } from './set-person.tsx';

type Dialog = 'role' | 'password' | 'person' | 'identity' | 'sessions';

/** What an administrator may do to somebody else's account. Nobody does it to their own. */
export function AccountActions({ account, self }: { account: AccountView; self: boolean }) {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<Dialog>();
  const { id, displayName: name, lockedAt, role, secondFactor } = account;
  const { providers } = useProviders();
  const act = useMutation({
    mutationFn: ({ method, path }: { method: 'POST' | 'DELETE'; path: string; done?: string }) =>
      ask<void>(`/accounts/${id}/${path}`, { method }),
    onSuccess: async (_, { done }) => {
      if (done !== undefined) void message.success(done);
      await queries.invalidateQueries({ queryKey: accountsQuery.queryKey });
    },
    onError: (error) => void message.error(problemSentence(error)),
  });
  const locked = lockedAt !== undefined;
  const lock = () =>
    modal.confirm({
      title: t('accounts.lockTitle', { name }),
      content: t('accounts.lockText'),
      okText: t('accounts.lock'),
      cancelText: t('shell.cancel'),
      onOk: () => act.mutate({ method: 'POST', path: 'lock' }),
    });
  const resetFactor = () => {
    void modal.confirm({
      title: t('accounts.resetFactorOf', { name }),
      content: t('accounts.resetFactorText'),
      okText: t('accounts.resetFactor'),
      cancelText: t('shell.cancel'),
      onOk: () =>
        act.mutate({ method: 'DELETE', path: 'totp', done: t('accounts.factorWasReset') }),
    });
  };
  const choose: Record<string, () => void> = {
    role: () => setDialog('role'),
    password: () => setDialog('password'),
    person: () => setDialog('person'),
    identity: () => setDialog('identity'),
    sessions: () => setDialog('sessions'),
    factor: () => void resetFactor(),
  };
  const close = () => setDialog(undefined);
  return (
    <span className="account-actions">
      <Button
        size="small"
        disabled={self}
        icon={locked ? <UnlockOutlined /> : <LockOutlined />}
        onClick={locked ? () => act.mutate({ method: 'POST', path: 'unlock' }) : () => void lock()}
      >
        {t(locked ? 'accounts.unlock' : 'accounts.lock')}
      </Button>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'sessions', label: t('accounts.showSessions') },
            { key: 'person', label: t('accounts.setPerson') },
            {
              key: 'identity',
              label: t('accounts.linkIdentity'),
              disabled: self || role === 'service' || providers.length === 0,
            },
            { key: 'role', label: t('accounts.editRole'), disabled: self },
            { key: 'password', label: t('accounts.resetPassword'), disabled: self },
            {
              key: 'factor',
              label: t('accounts.resetFactor'),
              disabled: self || !secondFactor,
            },
          ],
          onClick: ({ key }) => choose[key]?.(),
        }}
      >
        <Button
          size="small"
          icon={<EllipsisOutlined />}
          aria-label={t('accounts.moreOf', { name })}
          data-testid={`account-more-${account.username}`}
        />
      </Dropdown>
      {dialog === 'role' ? <ChangeRole account={account} onClose={close} /> : null}
      {dialog === 'person' ? <SetPerson account={account} onClose={close} /> : null}
      {dialog === 'identity' ? <LinkIdentity account={account} onClose={close} /> : null}
      {dialog === 'sessions' ? <AccountSessions account={account} onClose={close} /> : null}
      {dialog === 'password' ? <ResetPassword account={account} onClose={close} /> : null}
    </span>
  );
}
