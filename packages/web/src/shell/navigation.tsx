import {
  AuditOutlined,
  CloudUploadOutlined,
  DeploymentUnitOutlined,
  SearchOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { mayOpen, type Page } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';

const ENTRIES: { page: Page; to: string; icon: React.ReactNode }[] = [
  { page: 'search', to: '/', icon: <SearchOutlined /> },
  { page: 'upload', to: '/upload', icon: <CloudUploadOutlined /> },
  { page: 'jobs', to: '/jobs', icon: <AuditOutlined /> },
  { page: 'status', to: '/status', icon: <DeploymentUnitOutlined /> },
  { page: 'accounts', to: '/accounts', icon: <TeamOutlined /> },
];

/** The pages that this person's abilities open, and no others. */
export function Navigation() {
  const { t } = useTranslation();
  const session = useSession();
  return (
    <nav className="nav" aria-label={t('shell.mainNavigation')}>
      {ENTRIES.filter(({ page }) => mayOpen(session, page)).map(({ page, to, icon }) => (
        <Link
          key={page}
          to={to}
          activeOptions={{ exact: to === '/', includeSearch: false }}
          className="nav-link"
          activeProps={{ 'aria-current': 'page' }}
          data-testid={`nav-${page}`}
        >
          {icon}
          <span>{t(`shell.${page}`)}</span>
        </Link>
      ))}
    </nav>
  );
}
