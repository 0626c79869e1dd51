import type { AuditWords } from '@voxkeep/contract';

/** The server's words in the language of the page. */
export const wordsIn = ({ zh, en }: AuditWords, language: string): string =>
  language.startsWith('zh') ? zh : en;
