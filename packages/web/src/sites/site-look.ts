import type { Palette } from '../theme/palette.ts';

export interface SiteLook {
  colour: string;
  /** Told apart without colour, too. */
  line: 'solid' | 'dashed' | 'dotted';
}

/** How a site's line is drawn. */
export function siteLook(site: string, palette: Palette): SiteLook {
  if (site === 'branch') return { colour: palette.siteBranch, line: 'dashed' };
  if (site === 'cloud') return { colour: palette.siteCloud, line: 'dotted' };
  return { colour: palette.siteHq, line: 'solid' };
}
