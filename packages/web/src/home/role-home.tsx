import { BulbOutlined, ClockCircleOutlined, CustomerServiceOutlined } from '@ant-design/icons';
import { Link, Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { mayOpen, type Page } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import './home.css';

/** Whoever does not search begins on the first of these pages that they may open. */
const FIRST_PAGES: [Page, string][] = [
  ['inbox', '/access/inbox'],
  ['mandates', '/access/mandates'],
  ['accounts', '/accounts'],
  ['jobs', '/jobs'],
  ['status', '/status'],
  ['upload', '/upload'],
];
const DESCRIBED = ['reviewer', 'analyst'] as const;

/** Where a person begins whose role has no page of its own yet: what is theirs, and whom to ask. */
export function RoleHome() {
  const { t } = useTranslation();
  const session = useSession();
  const { actor } = session;
  const first = FIRST_PAGES.find(([page]) => mayOpen(session, page));
  if (first !== undefined) return <Navigate to={first[1]} replace />;
  const role = t(`role.${actor.role}`);
  const described = DESCRIBED.find((one) => one === actor.role) ?? 'other';
  return (
    <div className="page home" data-testid="role-home">
      <h1>{t('home.hello', { name: actor.displayName })}</h1>
      <p className="muted">{t('home.role', { role })}</p>
      <div className="home-lines">
        <Line icon={<BulbOutlined />} title={t('home.duty')} text={t(`home.${described}.duty`)} />
        <Line
          icon={<ClockCircleOutlined />}
          title={t('home.today')}
          text={t(`home.${described}.today`)}
        />
        <Line
          icon={<CustomerServiceOutlined />}
          title={t('home.ask')}
          text={t(`home.${described}.ask`)}
        />
      </div>
      <p>
        <Link to="/settings">{t('home.settings')}</Link>
      </p>
    </div>
  );
}

function Line({ icon, title, text }: { icon: ReactNode; title: string; text: string }) {
  return (
    <section className="card home-line">
      <span className="home-icon" aria-hidden="true">
        {icon}
      </span>
      <div>
        <h2>{title}</h2>
        <p>{text}</p>
      </div>
    </section>
  );
}
