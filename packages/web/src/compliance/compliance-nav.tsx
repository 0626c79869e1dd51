import { Link } from '@tanstack/react-router';
import type { SessionView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import './compliance.css';

const oversees = (session: SessionView) => mayOpen(session, 'compliance');
/** Approvers decide on lists of disposals, and see nothing else of this. */
const decides = (session: SessionView) => oversees(session) || mayOpen(session, 'inbox');
const answers = (session: SessionView) => mayOpen(session, 'manageRetention');
const PLACES = [
  { name: 'overview', to: '/compliance', opens: oversees },
  { name: 'rules', to: '/compliance/rules', opens: oversees },
  { name: 'holds', to: '/compliance/holds', opens: oversees },
  { name: 'disposals', to: '/compliance/disposals', opens: decides },
  { name: 'requests', to: '/compliance/requests', opens: answers },
  { name: 'audits', to: '/audits', opens: oversees },
  { name: 'engagements', to: '/compliance/engagements', opens: oversees },
] as const satisfies { name: string; to: string; opens: (session: SessionView) => boolean }[];

/** From one page of compliance to the others: those that this person may open. */
export function ComplianceNav() {
  const { t } = useTranslation();
  const session = useSession();
  const places: { name: (typeof PLACES)[number]['name']; to: string }[] = PLACES.filter(
    ({ opens }) => opens(session),
  );
  if (places.length === 0) return null;
  return (
    <nav className="subnav" aria-label={t('compliance.nav.label')}>
      {places.map(({ name, to }) => (
        <Link
          key={name}
          to={to}
          activeOptions={{ exact: name === 'overview', includeSearch: false }}
          className="subnav-link"
          activeProps={{ 'aria-current': 'page' }}
          data-testid={`subnav-${name}`}
        >
          {t(`compliance.nav.${name}`)}
        </Link>
      ))}
    </nav>
  );
}
