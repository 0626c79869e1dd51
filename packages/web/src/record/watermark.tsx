import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { writeInstant } from '../i18n/moments.ts';
import { useSession } from '../session/use-session.ts';
import { WATERMARK_INK } from './watermark-ink.ts';

const EVERY_MS = 20_000;
const FONT_PX = 14;
const GAP_PX = 110;

/**
 * The viewer's name and the time over everything that is shown of a call, on the screen and on paper: a
 * photographed screen says whose it was. Drawn as text, not as a background, so that printers keep it.
 */
export function Watermark() {
  const { t } = useTranslation();
  const { mode } = usePreferences();
  const { actor, timeZone } = useSession();
  const pattern = useId();
  const at = writeInstant(useNow().toISOString(), timeZone);
  const text = t('record.watermark', { name: actor.displayName, username: actor.username, at });
  const { fill, edge } = WATERMARK_INK[mode];
  const [width, height] = [widthOf(text) + GAP_PX, GAP_PX];
  return (
    <svg className="watermark" aria-hidden="true" data-testid="watermark">
      <defs>
        <pattern
          id={pattern}
          width={width}
          height={height * 2}
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(-22)"
        >
          {[0, 1].map((row) => (
            <text
              key={row}
              x={row === 0 ? 0 : GAP_PX / 2}
              y={height * row + GAP_PX / 2}
              fontSize={FONT_PX}
              fill={fill}
              stroke={edge}
              strokeWidth="2"
              paintOrder="stroke"
            >
              {text}
            </text>
          ))}
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill={`url(#${pattern})`} />
    </svg>
  );
}

/** This moment, told anew three times a minute, and at once when the page is looked at again. */
function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const tell = () => setNow(new Date());
    const timer = setInterval(tell, EVERY_MS);
    document.addEventListener('visibilitychange', tell);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tell);
    };
  }, []);
  return now;
}

/** About how wide it is written; Han characters are as wide as they are high. */
const widthOf = (text: string) =>
  [...text].reduce((sum, letter) => sum + (/[ -~]/.test(letter) ? 0.58 : 1) * FONT_PX, 0);
