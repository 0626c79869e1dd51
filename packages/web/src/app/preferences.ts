import { useSyncExternalStore } from 'react';
import { LANGUAGES, type Language } from '../i18n/start-i18n.ts';
import type { ColourMode } from '../theme/palette.ts';

/** What one person sets on one browser. Nothing about calls is ever stored here. */
export interface Preferences {
  language: Language;
  mode: ColourMode;
}

const KEY = 'voxkeep.preferences';
const listeners = new Set<() => void>();
let current = readPreferences();

export function preferences(): Preferences {
  return current;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // A browser that keeps nothing still works; the choice lasts until the page closes.
  }
  for (const listener of listeners) listener();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function readPreferences(): Preferences {
  const fallback: Preferences = {
    language: navigator.language.startsWith('en') ? 'en' : 'zh-CN',
    mode: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
  };
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>;
    return {
      language: LANGUAGES.find((language) => language === kept.language) ?? fallback.language,
      mode: kept.mode === 'dark' || kept.mode === 'light' ? kept.mode : fallback.mode,
    };
  } catch {
    return fallback;
  }
}
