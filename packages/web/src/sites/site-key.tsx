import { usePreferences } from '../app/preferences.ts';
import { labelOf } from '../i18n/label-of.ts';
import { paletteOf } from '../theme/palette.ts';
import { siteLook } from './site-look.ts';

const DASHES = { solid: undefined, dashed: '6 3', dotted: '2 3' };

/** Which line is which site's. */
export function SiteKey({ sites }: { sites: readonly string[] }) {
  const { mode } = usePreferences();
  return (
    <ul className="site-key">
      {sites.map((site) => {
        const { colour, line } = siteLook(site, paletteOf(mode));
        return (
          <li key={site}>
            <svg viewBox="0 0 24 8" width="24" height="8" aria-hidden="true">
              <path d="M0 4h24" stroke={colour} strokeWidth="2.5" strokeDasharray={DASHES[line]} />
            </svg>
            {labelOf('site', site)}
          </li>
        );
      })}
    </ul>
  );
}
