import { useTranslation } from 'react-i18next';

/** Who began it; the archive itself where it was due. */
export function Who({ by }: { by: string }) {
  const { t } = useTranslation();
  return by === 'archive' ? (
    <span className="muted">{t('recovery.bySchedule')}</span>
  ) : (
    <span className="drill-who" title={by}>
      {by}
    </span>
  );
}
