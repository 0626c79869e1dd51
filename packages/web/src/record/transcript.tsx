import { useQuery } from '@tanstack/react-query';
import type { RecordView } from '@voxkeep/contract';
import { Empty, Skeleton, Switch } from 'antd';
import { memo, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { transcriptQuery } from '../api/queries.ts';
import { labelOf } from '../i18n/label-of.ts';
import { writeDuration } from '../i18n/moments.ts';
import { rememberedFilters } from '../search/result-list.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { alignWords, type Turn, turnAt } from './align-words.ts';
import { type Playback, usePlayback } from './playback.ts';

/** The redacted words; they follow the sound, and a click takes the sound to them. */
export function Transcript({ record, playback }: { record: RecordView; playback: Playback }) {
  const { t } = useTranslation();
  // What is refused is not asked for: each attempt would stand in the ledger.
  const readable = record.may.includes('read_transcript');
  const transcript = useQuery({ ...transcriptQuery(record.id), enabled: readable });
  const [follow, setFollow] = useState(true);
  const list = useRef<HTMLOListElement>(null);
  const turns = transcript.data?.turns ?? [];
  const current = usePlayback(playback, (state) => turnAt(turns, state.timeMs));
  const playing = usePlayback(playback, (state) => state.playing);

  const drawn = useGrowing(turns.length);

  useEffect(() => {
    const box = list.current;
    if (box === null || !follow || !playing || current === undefined) return;
    const turn = box.children[current];
    if (!(turn instanceof HTMLElement)) return;
    // Within the list only: the page itself must not move under the reader.
    box.scrollTo({ top: turn.offsetTop - box.clientHeight / 3, behavior: 'smooth' });
  }, [current, follow, playing]);

  return (
    <section className="card transcript" aria-labelledby="transcript-title">
      <div className="card-head">
        <h2 id="transcript-title">{t('record.transcript')}</h2>
        {record.media === undefined || !readable ? null : (
          <label className="follow">
            <Switch
              size="small"
              checked={follow}
              onChange={setFollow}
              aria-label={t('record.follow')}
            />
            <span aria-hidden="true">{t('record.follow')}</span>
          </label>
        )}
      </div>
      {!readable ? (
        <p className="muted" data-testid="transcript-refused">
          {t('record.transcriptRefused')}
        </p>
      ) : transcript.isPending ? (
        <Skeleton active title={false} paragraph={{ rows: 8 }} />
      ) : transcript.isError ? (
        <ProblemPanel error={transcript.error} onRetry={() => void transcript.refetch()} />
      ) : turns.length === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('record.transcriptEmpty')} />
      ) : (
        <ol className="turns" ref={list} tabIndex={0} aria-labelledby="transcript-title">
          {turns.slice(0, drawn).map((turn, index) => (
            <TurnLine key={index} turn={turn} current={index === current} playback={playback} />
          ))}
        </ol>
      )}
    </section>
  );
}

const TURNS_AT_ONCE = 100;

/** How many of a long list are drawn: a screenful at once, the rest a little in each frame. */
function useGrowing(total: number): number {
  const [drawn, setDrawn] = useState(TURNS_AT_ONCE);
  useEffect(() => {
    if (drawn >= total) return;
    const frame = requestAnimationFrame(() => setDrawn(drawn + TURNS_AT_ONCE));
    return () => cancelAnimationFrame(frame);
  }, [drawn, total]);
  return drawn;
}

interface Line {
  turn: Turn;
  current: boolean;
  playback: Playback;
}

const TurnLine = memo(function TurnLine({ turn, current, playback }: Line) {
  const { t } = useTranslation();
  const at = writeDuration(turn.startMs);
  const jump = (timeMs: number) => {
    playback.seek(timeMs);
    playback.play();
  };
  return (
    <li
      className={`turn turn-${turn.speaker}${current ? ' turn-current' : ''}`}
      aria-current={current ? 'true' : undefined}
      data-testid="transcript-turn"
    >
      <button
        type="button"
        className="turn-jump"
        title={t('record.jumpTo', { at })}
        onClick={() => jump(turn.startMs)}
      >
        <span className="turn-speaker">{t(`speaker.${turn.speaker}`)}</span>
        <span className="num">{at}</span>
      </button>
      <Words turn={turn} current={current} playback={playback} onJump={jump} />
    </li>
  );
});

function Words({ turn, current, playback, onJump }: Line & { onJump: (timeMs: number) => void }) {
  const { t } = useTranslation();
  const stretches = useMemo(() => alignWords(turn), [turn]);
  // Only the turn that is being spoken looks at the clock.
  const spoken = usePlayback(playback, ({ timeMs }) =>
    current
      ? stretches.findIndex(
          ({ startMs, endMs }) =>
            startMs !== undefined && endMs !== undefined && startMs <= timeMs && timeMs < endMs,
        )
      : -1,
  );
  const searched = useMemo(() => (rememberedFilters().text ?? '').split(/\s+/).filter(Boolean), []);
  return (
    <p
      className="turn-text"
      onClick={(event) => {
        const word = event.target instanceof Element ? event.target.closest('[data-start]') : null;
        onJump(Number(word?.getAttribute('data-start') ?? turn.startMs));
      }}
    >
      {stretches.map((stretch, index) => {
        const { text, startMs, masked } = stretch;
        const className = [
          masked === undefined ? '' : 'masked-word',
          index === spoken ? 'spoken' : '',
          searched.some(
            (word) =>
              text !== '' && (text.includes(word) || (word.includes(text) && text.length > 1)),
          )
            ? 'searched'
            : '',
        ].join(' ');
        return (
          <span
            key={stretch.at}
            className={className.trim() || undefined}
            data-start={startMs}
            title={
              masked === undefined
                ? undefined
                : t('record.masked', { type: labelOf('finding', masked) })
            }
          >
            {masked === undefined ? text : labelOf('finding', masked)}
          </span>
        );
      })}
    </p>
  );
}
