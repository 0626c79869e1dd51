import type { RecordView } from '@voxkeep/contract';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { writeDuration } from '../i18n/moments.ts';
import { layOutMoments } from './lay-out-moments.ts';
import type { Playback } from './playback.ts';

const EVENT_ROW_PX = 24;

/** What lies over the waveform: masked stretches, on the lane of the channel they mute. */
export function MaskedSpans({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  const lanes = record.media?.channels ?? 2;
  return record.masked.map(({ channel, startMs, endMs, type }) => {
    const label =
      type === undefined
        ? t('record.maskedUntyped')
        : t('record.masked', { type: labelOf('finding', type) });
    const name = t('record.maskedAt', {
      label,
      start: writeDuration(startMs),
      end: writeDuration(endMs),
    });
    return (
      <span
        key={`${channel}-${startMs}-${type ?? ''}`}
        role="img"
        className="masked-span"
        aria-label={name}
        title={name}
        data-testid="masked-span"
        style={{
          insetInlineStart: `${(100 * startMs) / record.durationMs}%`,
          inlineSize: `${(100 * (endMs - startMs)) / record.durationMs}%`,
          insetBlockStart: lanes > 1 && channel === 1 ? '50%' : 0,
          blockSize: lanes > 1 ? '50%' : '100%',
        }}
      />
    );
  });
}

/** Moments of the call; each takes the sound there. */
export function EventLane({ record, playback }: { record: RecordView; playback: Playback }) {
  const { t } = useTranslation();
  const lane = useRef<HTMLUListElement>(null);
  const widthPx = useWidth(lane);
  if (record.events.length === 0) return null;
  const moments = record.events.map((event) => ({ ...event, label: labelOf('event', event.type) }));
  const marks = layOutMoments(moments, record.durationMs, widthPx);
  const rows = 1 + Math.max(0, ...marks.map(({ row }) => row));
  return (
    <ul
      className="event-lane"
      ref={lane}
      aria-label={t('record.events')}
      style={{ blockSize: rows * EVENT_ROW_PX }}
    >
      {marks.map(({ leftPx, row, ending, moments: [first, ...more] }, index) => {
        if (first === undefined) return null;
        const { label, offsetMs } = first;
        return (
          <li
            key={`${label}-${offsetMs}-${index}`}
            className={ending ? 'event event-end' : 'event'}
            style={{ insetInlineStart: leftPx, insetBlockStart: row * EVENT_ROW_PX }}
          >
            <button
              type="button"
              aria-label={[first, ...more].map(describe).join('; ')}
              title={[first, ...more].map(writeMoment).join('\n')}
              onClick={() => playback.seek(offsetMs)}
            >
              {label}
              {more.length === 0 ? null : <span className="num"> +{more.length}</span>}
            </button>
          </li>
        );
      })}
    </ul>
  );

  function describe({ label, offsetMs }: { label: string; offsetMs: number }): string {
    return t('record.eventAt', { label, at: writeDuration(offsetMs) });
  }
}

interface Written {
  label: string;
  offsetMs: number;
  note?: string | undefined;
}

function writeMoment({ label, offsetMs, note }: Written): string {
  return [writeDuration(offsetMs), label, note].filter(Boolean).join(' · ');
}

/** The width of an element as it is now; before it is drawn, that of a usual screen. */
function useWidth(element: RefObject<HTMLElement | null>): number {
  const [widthPx, setWidthPx] = useState(900);
  useLayoutEffect(() => {
    const box = element.current;
    if (box === null) return;
    const measure = () => setWidthPx(box.clientWidth);
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(box);
    return () => sizes.disconnect();
  }, [element]);
  return widthPx;
}
