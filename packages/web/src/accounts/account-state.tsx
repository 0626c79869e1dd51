import { LockOutlined } from '@ant-design/icons';
import type { AccountView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { writeInstant } from '../i18n/moments.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';

/** Whether an account lets its person in now, and for an outside auditor until when. */
export function AccountState({ account: { lockedAt, within } }: { account: AccountView }) {
  const { t } = useTranslation();
  const { timeZone } = useSession();
  if (lockedAt !== undefined) {
    return (
      <span className="locked">
        <LockOutlined aria-hidden="true" /> {t('accounts.locked')} <Moment at={lockedAt} />
      </span>
    );
  }
  if (within === undefined) return <span className="muted">{t('accounts.active')}</span>;
  const at = (iso: string) => ({ date: writeInstant(iso, timeZone, false) });
  const now = Date.now();
  if (now < Date.parse(within.opensAt)) {
    return <span className="muted">{t('accounts.opensAt', at(within.opensAt))}</span>;
  }
  const isOver = now >= Date.parse(within.shutsAt);
  return (
    <span className={isOver ? 'locked' : 'muted'}>
      {t(isOver ? 'accounts.shut' : 'accounts.shutsAt', at(within.shutsAt))}
    </span>
  );
}
