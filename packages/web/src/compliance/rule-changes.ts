import type { RetentionPreview, TermChange } from '@voxkeep/contract';

/** What lets records go sooner first. */
const SOONER = ['shorter', 'closes', 'sooner'] as const satisfies TermChange[];
const LATER = ['longer', 'opens', 'later'] as const satisfies TermChange[];
export const CHANGES = [...SOONER, ...LATER] as const;

export const isSooner = (change: TermChange): boolean => SOONER.some((one) => one === change);

/** Records that may go sooner than now: somebody has to say that this is meant, and another one too. */
export const soonerRecords = ({ counts }: Pick<RetentionPreview, 'counts'>): number =>
  SOONER.reduce((sum, change) => sum + counts[change], 0);
