import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LanguageSwitch, ModeSwitch } from '../shell/switches.tsx';
import './entry.css';

/** The page around sign-in and first set-up: our name on the left, the form on the right. */
export function EntryFrame({ title, lead, children }: Frame) {
  const { t } = useTranslation();
  return (
    <div className="entry">
      <header className="entry-brand">
        <img src="/mark.svg" alt="" width="56" height="56" />
        <p className="entry-name">
          留声 <span lang="en">Voxkeep</span>
        </p>
        <p className="entry-lead">{t('signIn.lead')}</p>
        <svg className="entry-wave" viewBox="0 0 320 48" aria-hidden="true">
          {WAVE.map((height, index) => (
            <rect
              key={index}
              x={index * 8}
              y={24 - height}
              width="3"
              height={height * 2}
              rx="1.5"
            />
          ))}
        </svg>
        <p className="entry-notice">{t('signIn.notice')}</p>
      </header>
      <main className="entry-form">
        <div className="entry-switches">
          <LanguageSwitch />
          <ModeSwitch />
        </div>
        <div className="entry-box">
          <h1>{title}</h1>
          {lead === undefined ? null : <p className="muted">{lead}</p>}
          {children}
        </div>
      </main>
    </div>
  );
}

interface Frame {
  title: string;
  lead?: string;
  children: ReactNode;
}

const WAVE = [
  3, 5, 9, 14, 8, 5, 12, 20, 16, 9, 4, 3, 3, 6, 11, 18, 22, 15, 10, 6, 3, 2, 2, 4, 7, 12, 9, 15, 19,
  11, 7, 4, 3, 5, 9, 6, 4, 3, 2, 2,
];
