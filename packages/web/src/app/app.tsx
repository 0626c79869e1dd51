import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import i18next from 'i18next';
import { useEffect } from 'react';
import { switchLanguage } from '../i18n/start-i18n.ts';
import { cssVariables } from '../theme/css-variables.ts';
import { themeOf } from '../theme/theme.ts';
import { usePreferences } from './preferences.ts';
import { queryClient } from './query-client.ts';
import { router } from './router.tsx';

export function App() {
  const { language, mode } = usePreferences();
  useEffect(() => {
    dayjs.locale(language === 'zh-CN' ? 'zh-cn' : 'en');
    if (i18next.language !== language) {
      // Refusals are written by the policy, in the language they were asked for in.
      void switchLanguage(language).then(() =>
        queryClient.invalidateQueries({ queryKey: ['record'] }),
      );
    }
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => {
    const root = document.documentElement;
    root.dataset['mode'] = mode;
    for (const [name, value] of cssVariables(mode)) root.style.setProperty(name, value);
  }, [mode]);

  return (
    <ConfigProvider
      locale={language === 'zh-CN' ? zhCN : enUS}
      theme={themeOf(mode)}
      button={{ autoInsertSpace: false }}
    >
      <div className="app">
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </div>
    </ConfigProvider>
  );
}
