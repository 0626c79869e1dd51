import {
  AuditOutlined,
  CloudUploadOutlined,
  DeploymentUnitOutlined,
  FileDoneOutlined,
  FileProtectOutlined,
  FileSearchOutlined,
  HddOutlined,
  KeyOutlined,
  ReadOutlined,
  SafetyCertificateOutlined,
  SafetyOutlined,
  SearchOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { inboxQuery } from '../api/access-queries.ts';
import { mayOpen, type Page } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';

interface Entry {
  page: Page;
  to: string;
  icon: React.ReactNode;
  /** Where pages lie that belong to it besides those below `to`. */
  also?: string;
}

const ENTRIES: Entry[] = [
  { page: 'search', to: '/', icon: <SearchOutlined /> },
  { page: 'inbox', to: '/access/inbox', icon: <FileDoneOutlined /> },
  { page: 'mine', to: '/access/mine', icon: <KeyOutlined /> },
  { page: 'requests', to: '/access/requests', icon: <FileSearchOutlined /> },
  { page: 'mandates', to: '/access/mandates', icon: <FileProtectOutlined /> },
  { page: 'compliance', to: '/compliance', icon: <SafetyOutlined />, also: '/audits' },
  { page: 'ledger', to: '/ledger', icon: <ReadOutlined /> },
  { page: 'enrolments', to: '/access/passkeys', icon: <SafetyCertificateOutlined /> },
  { page: 'upload', to: '/upload', icon: <CloudUploadOutlined /> },
  { page: 'jobs', to: '/jobs', icon: <AuditOutlined /> },
  { page: 'sites', to: '/sites', icon: <HddOutlined /> },
  { page: 'status', to: '/status', icon: <DeploymentUnitOutlined /> },
  { page: 'accounts', to: '/accounts', icon: <TeamOutlined /> },
];

/** The pages that this person's abilities open, and no others. */
export function Navigation() {
  const { t } = useTranslation();
  const session = useSession();
  const inbox = useQuery({ ...inboxQuery, enabled: mayOpen(session, 'inbox') });
  const waiting: Partial<Record<Page, number>> = { inbox: inbox.data?.waiting ?? 0 };
  const path = useLocation({ select: ({ pathname }) => pathname });
  const entries = ENTRIES.filter(({ page }) => mayOpen(session, page));
  return (
    <nav className="nav" data-many={entries.length > 4} aria-label={t('shell.mainNavigation')}>
      {entries.map(({ page, to, icon, also }) => (
        <Link
          key={page}
          to={to}
          activeOptions={{ exact: to === '/', includeSearch: false }}
          className="nav-link"
          title={t(`shell.${page}`)}
          aria-current={also !== undefined && path.startsWith(also) ? 'page' : undefined}
          activeProps={{ 'aria-current': 'page' }}
          data-testid={`nav-${page}`}
        >
          {icon}
          <span className="nav-name">{t(`shell.${page}`)}</span>
          {(waiting[page] ?? 0) > 0 ? (
            <span className="nav-count num" data-testid={`waiting-${page}`}>
              <span className="sr-only">{t('shell.waiting')}</span>
              {waiting[page]}
            </span>
          ) : null}
        </Link>
      ))}
    </nav>
  );
}
