import { MoonOutlined, SunOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { setPreferences, usePreferences } from '../app/preferences.ts';

export function LanguageSwitch() {
  const { t } = useTranslation();
  const { language } = usePreferences();
  const other = language === 'zh-CN' ? 'en' : 'zh-CN';
  return (
    <Button
      type="text"
      title={t('shell.language')}
      onClick={() => setPreferences({ language: other })}
      data-testid="language-switch"
    >
      <span lang={other}>{other === 'en' ? 'English' : '中文'}</span>
    </Button>
  );
}

export function ModeSwitch() {
  const { t } = useTranslation();
  const { mode } = usePreferences();
  const label = mode === 'dark' ? t('shell.darkOff') : t('shell.darkOn');
  return (
    <Button
      type="text"
      aria-label={label}
      title={label}
      icon={mode === 'dark' ? <SunOutlined /> : <MoonOutlined />}
      onClick={() => setPreferences({ mode: mode === 'dark' ? 'light' : 'dark' })}
      data-testid="mode-switch"
    />
  );
}
