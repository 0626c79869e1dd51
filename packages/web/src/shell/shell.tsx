import {
  LogoutOutlined,
  QuestionCircleOutlined,
  UserOutlined,
  WarningFilled,
} from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Dropdown } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApproverAlerts } from '../access/approver-alerts.tsx';
import { ask } from '../api/client.ts';
import { statusQuery } from '../api/queries.ts';
import { NoticeBell } from '../notices/notice-bell.tsx';
import { mayOpen } from '../session/abilities.ts';
import { endSession } from '../session/end-session.ts';
import { useSession } from '../session/use-session.ts';
import { HelpDialog } from './help-dialog.tsx';
import { useHotkeys } from './hotkeys.ts';
import { Navigation } from './navigation.tsx';
import { LanguageSwitch, ModeSwitch } from './switches.tsx';
import './shell.css';

/** Header, navigation and warnings around every signed-in page. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const session = useSession();
  const [helping, setHelping] = useState(false);
  useHotkeys({ '?': () => setHelping(true) });

  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('shell.skipToContent')}
      </a>
      <header className="bar">
        <Link to="/" className="brand" aria-label={t('shell.product')}>
          <img src="/mark.svg" alt="" width="28" height="28" />
          <span className="brand-name">{t('shell.product')}</span>
        </Link>
        <span className="archive-name" title={session.archiveName}>
          {session.archiveName}
        </span>
        <Navigation />
        <div className="bar-end">
          <NoticeBell />
          <Button
            type="text"
            aria-label={t('shell.help')}
            title={`${t('shell.help')} (?)`}
            icon={<QuestionCircleOutlined />}
            onClick={() => setHelping(true)}
          />
          <LanguageSwitch />
          <ModeSwitch />
          <AccountMenu />
        </div>
      </header>
      <KeysWarning />
      <ApproverAlerts />
      <main id="content" className="content" tabIndex={-1}>
        {children}
      </main>
      <HelpDialog open={helping} onClose={() => setHelping(false)} />
    </div>
  );
}

function AccountMenu() {
  const { t } = useTranslation();
  const { actor } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signOut = useMutation({
    mutationFn: () => ask<void>('/session', { method: 'DELETE' }),
    onSettled: () => endSession(queries),
  });
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'settings', icon: <UserOutlined />, label: t('shell.settings') },
          { key: 'out', icon: <LogoutOutlined />, label: t('shell.signOut') },
        ],
        onClick: ({ key }) => {
          if (key === 'out') signOut.mutate();
          else void navigate({ to: '/settings' });
        },
      }}
    >
      <Button type="text" className="who" data-testid="account-menu">
        <span className="who-name">{actor.displayName}</span>
        <span className="who-role">{t(`role.${actor.role}`)}</span>
      </Button>
    </Dropdown>
  );
}

/** For those who can act on it: as long as it is true it does not go away. */
function KeysWarning() {
  const { t } = useTranslation();
  const session = useSession();
  const status = useQuery({ ...statusQuery, enabled: mayOpen(session, 'status') });
  if (status.data?.keysOnDataHost !== true) return null;
  return (
    <div className="keys-warning" role="status" data-testid="keys-warning">
      <WarningFilled aria-hidden="true" />
      <span>{t('shell.keysWarning')}</span>
      <Link to="/status" hash="keys-apart">
        {t('shell.keysWarningLink')}
      </Link>
    </div>
  );
}
