import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { catalogue as zhCN } from './zh-cn/index.ts';

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: typeof zhCN };
  }
}

/** One language travels; the other when somebody switches to it. */
const CATALOGUES = {
  'zh-CN': () => import('./zh-cn/index.ts'),
  en: () => import('./en/index.ts'),
};

/** Starts the translations; resolves when the words of this language are there. */
export async function startI18n(language: Language): Promise<void> {
  const { catalogue } = await CATALOGUES[language]();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: catalogue } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

/** Changes the words on the screen once those of the other language have come. */
export async function switchLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    const { catalogue } = await CATALOGUES[language]();
    i18next.addResourceBundle(language, 'translation', catalogue);
  }
  await i18next.changeLanguage(language);
}
