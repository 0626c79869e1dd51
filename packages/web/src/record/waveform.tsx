import type { PeaksView } from '@voxkeep/contract';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import { paletteOf } from '../theme/palette.ts';
import type { Playback } from './playback.ts';

interface Wave {
  playback: Playback;
  peaks: PeaksView;
  durationMs: number;
}

const LANE_PX = 56;

/** The sound's outline, the agent above and the customer below; drawn from the server's peaks. */
export function Waveform({ playback, peaks, durationMs }: Wave) {
  const { t } = useTranslation();
  const { mode } = usePreferences();
  const box = useRef<HTMLDivElement>(null);
  const [drawn, setDrawn] = useState(false);

  useEffect(() => {
    const container = box.current;
    if (container === null) return;
    const p = paletteOf(mode);
    let gone = false;
    let destroy: (() => void) | undefined;
    void import('wavesurfer.js').then(({ default: WaveSurfer }) => {
      if (gone) return;
      const lane = (waveColor: string) => ({ waveColor, progressColor: p.played, height: LANE_PX });
      const wave = WaveSurfer.create({
        container,
        peaks: peaks.channels,
        duration: durationMs / 1000,
        normalize: true,
        barWidth: 2,
        barGap: 1,
        barRadius: 1,
        cursorColor: p.text,
        cursorWidth: 1,
        // Clicks and drags go through the playback, which seeks one place at a time.
        interact: false,
        hideScrollbar: true,
        splitChannels:
          peaks.channels.length > 1
            ? [lane(p.agentWave), lane(p.customerWave)]
            : [{ ...lane(p.agentWave), height: LANE_PX * 2 }],
      });
      // It only draws: the sound's address changes with its ticket, and no element of it would last.
      const follow = () => wave.setTime(playback.state().timeMs / 1000);
      const leave = playback.subscribe(follow);
      wave.once('ready', follow);
      destroy = () => {
        leave();
        wave.destroy();
      };
      setDrawn(true);
    });
    return () => {
      gone = true;
      destroy?.();
    };
  }, [playback, peaks, durationMs, mode]);

  return (
    <div
      className="wave-canvas"
      ref={box}
      role="img"
      aria-label={t('record.waveform')}
      data-drawn={drawn}
    />
  );
}
