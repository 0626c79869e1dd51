import type { DrillFigures, DrillsView, DrillView } from '@voxkeep/contract';

/** What the newest drill of a site shows: back within the limit, later, not at all, or nothing yet. */
export type Verdict = 'within' | 'over' | 'failed' | 'never';

export interface SiteAnswer {
  site: string;
  verdict: Verdict;
  /** The newest drill of the site that came to an end by itself. */
  drill?: DrillView;
}

/** The worst of several sites, each by itself; times in seconds. */
export interface WorstCase {
  rtoS: number;
  rpoS: number;
  /** Copies that were due there and had not come. */
  copiesDue: number;
}

/** Drills are listed up to here; a site without any may have had one before those. */
export const LISTED_AT_MOST = 50;

/**
 * One answer a site, in the order given. A drill that was broken off says nothing about its site, so
 * the one before it counts; times are held against the limit of now.
 */
export function judgeRecovery(
  sites: readonly string[],
  { drills, limitS }: Pick<DrillsView, 'drills' | 'limitS'>,
): SiteAnswer[] {
  return sites.map((site) => {
    const drill = drills.find(
      (one) => one.site === site && one.outcome !== undefined && one.outcome !== 'broken-off',
    );
    return drill === undefined
      ? { site, verdict: 'never' }
      : { site, verdict: verdictOf(drill, limitS), drill };
  });
}

function verdictOf({ outcome, figures }: DrillView, limitS: number): Verdict {
  if (outcome === 'failed' || figures === undefined) return 'failed';
  return figures.rtoWholeS > limitS ? 'over' : 'within';
}

/** Zero where none of them was tried. */
export function worstOf(answers: readonly SiteAnswer[]): WorstCase {
  const most = (of: (figures: DrillFigures) => number) =>
    Math.max(0, ...answers.flatMap(({ drill }) => (drill?.figures ? [of(drill.figures)] : [])));
  return {
    rtoS: most(({ rtoWholeS }) => rtoWholeS),
    rpoS: most(({ rpoS }) => rpoS),
    copiesDue: most(({ copiesDue }) => copiesDue),
  };
}
