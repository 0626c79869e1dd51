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

/**
 * One language travels; the other when somebody switches to it. And of that first the words of the entry:
 * the sign-in page is there sooner.
 */
const CATALOGUES = {
  'zh-CN': { entry: () => import('./zh-cn/entry.ts'), pages: () => import('./zh-cn/pages.ts') },
  en: { entry: () => import('./en/entry.ts'), pages: () => import('./en/pages.ts') },
};
/** Whether words of more than the entry are asked for, and which languages have them. */
let beyondEntry = false;
const complete = new Set<Language>();

/** Starts the translations; resolves when the words of the entry are there in this language. */
export async function startI18n(language: Language): Promise<void> {
  const { entry } = await CATALOGUES[language].entry();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: entry } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

/** Brings the words of all pages; no page but those of the entry is drawn before they are there. */
export async function bringAllWords(): Promise<void> {
  beyondEntry = true;
  await completeWords(i18next.language as Language);
}

/** Changes the words on the screen once those of the other language have come. */
export async function switchLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    const { entry } = await CATALOGUES[language].entry();
    i18next.addResourceBundle(language, 'translation', entry);
  }
  if (beyondEntry) await completeWords(language);
  await i18next.changeLanguage(language);
}

async function completeWords(language: Language): Promise<void> {
  if (complete.has(language)) return;
  const { pages } = await CATALOGUES[language].pages();
  i18next.addResourceBundle(language, 'translation', pages, true);
  complete.add(language);
}
