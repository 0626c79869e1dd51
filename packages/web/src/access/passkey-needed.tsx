import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { passkeysQuery } from '../api/access-queries.ts';

/** For whoever has to sign and cannot yet: what is missing, and where it is done. */
export function PasskeyNeeded() {
  const { t } = useTranslation();
  const own = useQuery(passkeysQuery('mine'));
  if (own.data === undefined) return null;
  const states = own.data.passkeys.map(({ state }) => state);
  if (states.includes('enrolled')) return null;
  const waits = states.includes('awaiting');
  return (
    <Alert
      className="passkey-needed"
      type="warning"
      showIcon
      title={
        <>
          {t(waits ? 'access.passkeyWaits' : 'access.passkeyMissing')}{' '}
          <Link to="/settings" hash="passkeys">
            {t('access.toPasskeys')}
          </Link>
        </>
      }
      data-testid="passkey-needed"
    />
  );
}
