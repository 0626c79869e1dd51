import { useTranslation } from 'react-i18next';

/** Who did something: by name, the archive itself, or the end of an id that has no name any more. */
export function PartyName({ party }: { party: { id: string; name?: string | undefined } }) {
  const { t } = useTranslation();
  if (party.id === 'archive') return <span>{t('disposals.archive')}</span>;
  return <span title={party.id}>{party.name ?? `…${party.id.slice(-6)}`}</span>;
}
