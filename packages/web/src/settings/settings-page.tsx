import { useTranslation } from 'react-i18next';
import { OwnPasskeys } from '../access/own-passkeys.tsx';
import { NoticeAddress } from '../notices/notice-address.tsx';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { ChangePassword } from './change-password.tsx';
import { SecondFactor } from './second-factor.tsx';
import { Sessions } from './sessions.tsx';
import './settings.css';

/** What a person sets for themselves: mail about notices, second factor and password. */
export function SettingsPage() {
  const { t } = useTranslation();
  const session = useSession();
  const { actor } = session;
  // Whoever signs something one day: approvals, or a break-glass of their own.
  const signs = mayOpen(session, 'inbox') || mayOpen(session, 'mine');
  const { username, displayName, role, agentId, teamId } = actor;
  const facts: [string, string | undefined][] = [
    [t('settings.username'), `${displayName} · ${username}`],
    [t('settings.role'), t(`role.${role}`)],
    [t('settings.agentId'), agentId],
    [t('settings.team'), teamId],
  ];
  return (
    <div className="page settings">
      <div className="page-head">
        <h1>{t('settings.title')}</h1>
      </div>
      <section className="card" aria-labelledby="own-account">
        <h2 id="own-account">{t('settings.account')}</h2>
        <dl className="settings-facts">
          {facts
            .filter(([, value]) => value !== undefined)
            .map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      </section>
      <NoticeAddress />
      <SecondFactor />
      {signs ? <OwnPasskeys /> : null}
      <ChangePassword />
      <section className="card" aria-labelledby="own-sessions">
        <h2 id="own-sessions">{t('sessions.title')}</h2>
        <p className="muted">{t('sessions.lead')}</p>
        <Sessions path="/session/list" />
      </section>
    </div>
  );
}
