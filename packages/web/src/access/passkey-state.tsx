import { CheckCircleFilled, ClockCircleOutlined, StopOutlined } from '@ant-design/icons';
import type { PasskeyView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { writeList } from '../i18n/write-list.ts';

const LOOKS = {
  awaiting: ['held', <ClockCircleOutlined key="awaiting" aria-hidden="true" />],
  enrolled: ['good', <CheckCircleFilled key="enrolled" aria-hidden="true" />],
  revoked: ['gone', <StopOutlined key="revoked" aria-hidden="true" />],
} as const;

/** Where a passkey stands: of its two confirmations, who gave which. */
export function PasskeyState({ passkey }: { passkey: PasskeyView }) {
  const { t, i18n } = useTranslation();
  const { state, confirmedBy } = passkey;
  const [tone, icon] = LOOKS[state];
  return (
    <span className="passkey-state" data-testid="passkey-state" data-state={state}>
      <span className={`state state-${tone}`}>
        {icon}
        {state === 'awaiting'
          ? t('passkeys.awaiting', { n: confirmedBy.length })
          : t(`passkeys.state.${state}`)}
      </span>
      {confirmedBy.length === 0 ? null : (
        <span className="muted">
          {t('passkeys.confirmedBy', {
            names: writeList(
              confirmedBy.map(({ name }) => name),
              i18n.language,
            ),
          })}
        </span>
      )}
    </span>
  );
}
