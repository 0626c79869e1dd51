import type { RecordView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { writeDuration } from '../i18n/moments.ts';
import type { Playback } from './playback.ts';

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
  if (record.events.length === 0) return null;
  return (
    <ul className="event-lane" aria-label={t('record.events')}>
      {record.events.map(({ type, offsetMs, note }, index) => {
        const share = Math.min(1, offsetMs / record.durationMs);
        const label = labelOf('event', type);
        const at = writeDuration(offsetMs);
        return (
          <li
            key={`${type}-${offsetMs}-${index}`}
            className={share > 0.85 ? 'event event-end' : 'event'}
            style={{ insetInlineStart: `${100 * share}%` }}
          >
            <button
              type="button"
              aria-label={t('record.eventAt', { label, at })}
              title={[at, note].filter(Boolean).join(' · ')}
              onClick={() => playback.seek(offsetMs)}
            >
              {label}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
