import { useQuery } from '@tanstack/react-query';
import type { PasskeyView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { fingerprintInStatement } from './key-fingerprint.ts';
import { isEnrolmentOf } from './signed-text.ts';
import './fingerprint.css';

/** A fingerprint as it is read out, group by group. */
export function Fingerprint({ value }: { value: string }) {
  const { t } = useTranslation();
  return (
    <span className="fingerprint">
      <span className="muted">{t('passkeys.fingerprint')}</span>{' '}
      <code data-testid="fingerprint">{value}</code>
    </span>
  );
}

/**
 * Of the key in the very text that a confirmer signs, worked out here; null while it cannot be, and for
 * a text that is not this passkey's.
 */
export function useStatedFingerprint(passkey: PasskeyView): {
  pending: boolean;
  value: string | null;
} {
  const { statement } = passkey;
  const stated = useQuery({
    queryKey: ['fingerprint', passkey.id, statement],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      if (statement === undefined || !isEnrolmentOf(statement, passkey)) return null;
      return (await fingerprintInStatement(statement)) ?? null;
    },
  });
  return { pending: stated.isPending, value: stated.data ?? null };
}

/** In the list of those who confirm. */
export function StatedFingerprint({ passkey }: { passkey: PasskeyView }) {
  const { value } = useStatedFingerprint(passkey);
  return passkey.statement === undefined || value === null ? null : <Fingerprint value={value} />;
}

/** Before somebody confirms: what to compare, and that there is no confirming without. */
export function CompareFingerprint({ passkey }: { passkey: PasskeyView }) {
  const { t } = useTranslation();
  const { pending, value } = useStatedFingerprint(passkey);
  if (pending) return null;
  if (value === null) return <p role="alert">{t('passkeys.fingerprintNone')}</p>;
  return (
    <div className="fingerprint-compare">
      <Fingerprint value={value} />
      <p>{t('passkeys.fingerprintCompare', { name: passkey.owner.name })}</p>
    </div>
  );
}
