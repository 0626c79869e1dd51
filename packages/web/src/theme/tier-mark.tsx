import type { Tier } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';

const SHAPES: Record<Tier, React.ReactNode> = {
  basic: <circle cx="6" cy="6" r="4.25" fill="none" strokeWidth="2" />,
  core: <path d="M6 .8 11.2 6 6 11.2.8 6Z" stroke="none" fill="currentColor" />,
  sensitive: <path d="M6 .8 11.6 11H.4Z" stroke="none" fill="currentColor" />,
};

/** A tier by colour, shape and word: ring, diamond, triangle. */
export function TierMark({ tier, short = false }: { tier: Tier; short?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={`tier tier-${tier}`} title={t(`tierHint.${tier}`)}>
      <svg viewBox="0 0 12 12" width="12" height="12" stroke="currentColor" aria-hidden="true">
        {SHAPES[tier]}
      </svg>
      <span>{t(short ? `tierShort.${tier}` : `tier.${tier}`)}</span>
    </span>
  );
}
