import type { TooLate } from '@voxkeep/contract';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { callsOf } from '../i18n/calls-of.ts';

/** Records that a hold came too late for, each with its reason; all others are held. */
export function TooLateList({ tooLate }: { tooLate: readonly TooLate[] }) {
  const { t } = useTranslation();
  return (
    <Alert
      type="warning"
      showIcon
      data-testid="too-late"
      title={t('compliance.holds.tooLate', { calls: callsOf(t, tooLate.length) })}
      description={
        // A box that scrolls has to scroll by keyboard too.
        <div
          className="too-late"
          role="region"
          aria-label={t('compliance.holds.tooLateList')}
          tabIndex={0}
        >
          <ul>
            {tooLate.map(({ recordId, why }) => (
              <li key={recordId}>
                <code>{recordId}</code> {t(`compliance.holds.tooLateWhy.${why}`)}
              </li>
            ))}
          </ul>
        </div>
      }
    />
  );
}
