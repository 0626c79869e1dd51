import { Link } from '@tanstack/react-router';
import { Result } from 'antd';
import { useTranslation } from 'react-i18next';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main className="lonely">
      <Result
        status="info"
        title={t('shell.notFoundTitle')}
        subTitle={t('shell.notFoundText')}
        extra={<Link to="/">{t('shell.backToSearch')}</Link>}
      />
    </main>
  );
}
