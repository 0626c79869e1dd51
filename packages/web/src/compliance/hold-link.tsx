import { LockOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { mayDo } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';

/** From a call to a hold on it, for those who may place one. */
export function HoldLink({ recordId }: { recordId: string }) {
  const { t } = useTranslation();
  if (!mayDo(useSession(), 'hold')) return null;
  return (
    <Link
      to="/compliance/holds/new"
      search={{ record: [recordId] }}
      className="ask-link"
      data-testid="hold-record"
    >
      <LockOutlined aria-hidden="true" /> {t('compliance.holds.place')}
    </Link>
  );
}
