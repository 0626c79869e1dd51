import type { AccountView } from '@voxkeep/contract';
import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { Sessions } from '../settings/sessions.tsx';
import '../settings/settings.css';

/** Where somebody is signed in now. */
export function AccountSessions({
  account,
  onClose,
}: {
  account: AccountView;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      open
      title={t('accounts.sessionsOf', { name: account.displayName })}
      footer={null}
      onCancel={onClose}
    >
      <Sessions path={`/accounts/${account.id}/sessions`} empty={t('accounts.noSessions')} />
    </Modal>
  );
}
