import {
  CaretRightFilled,
  LoadingOutlined,
  PauseOutlined,
  ZoomInOutlined,
  ZoomOutOutlined,
} from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { RecordView } from '@voxkeep/contract';
import { Alert, Button, Segmented, Skeleton, Slider } from 'antd';
import { type PointerEvent, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { peaksQuery } from '../api/queries.ts';
import { writeDuration } from '../i18n/moments.ts';
import { pickSource } from './pick-source.ts';
import { type Playback, SPEEDS, usePlayback } from './playback.ts';
import { ticketed } from './ticketed.ts';
import { EventLane, MaskedSpans } from './timeline.tsx';
import { Waveform } from './waveform.tsx';

const ZOOMS = [1, 2, 4, 8] as const;

/** Sound or picture of one call, with its outline, its masked stretches and its moments. */
export function Player({ record, playback }: { record: RecordView; playback: Playback }) {
  const { t } = useTranslation();
  const { media } = record;
  const [element, setElement] = useState<HTMLMediaElement | null>(null);
  const [zoom, setZoom] = useState<number>(1);
  const peaks = useQuery({ ...peaksQuery(record.id), enabled: media !== undefined });
  const failed = usePlayback(playback, (state) => state.failed);
  const source = useMemo(
    () =>
      media === undefined
        ? undefined
        : pickSource(media, (mediaType) => document.createElement('video').canPlayType(mediaType)),
    [media],
  );
  useEffect(() => {
    if (element === null || source === undefined) return;
    return playback.attach(element, ticketed(record.id, source));
  }, [element, playback, record.id, source]);

  if (media === undefined || source === undefined) {
    return (
      <section className="card player" aria-label={t('record.player')} data-testid="player">
        <Alert
          type="info"
          showIcon
          title={t('record.noMedia')}
          description={t('record.noMediaText')}
        />
      </section>
    );
  }
  const seekTo = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    playback.seek(((event.clientX - box.left) / box.width) * record.durationMs);
  };
  const video = media.kind === 'video';
  const noDownload = { controlsList: 'nodownload', disablePictureInPicture: true };
  return (
    <section
      className="card player"
      aria-label={t(video ? 'record.videoPlayer' : 'record.player')}
      data-testid="player"
    >
      {video ? (
        <video
          ref={setElement}
          preload="metadata"
          playsInline
          className="picture"
          onContextMenu={(event) => event.preventDefault()}
          {...noDownload}
        />
      ) : (
        <audio ref={setElement} preload="metadata" />
      )}
      {source.converted ? <p className="muted converted">{t('record.hevcNote')}</p> : null}
      <div className="wave">
        <div className="wave-lanes" aria-hidden="true">
          <span>{t('speaker.agent')}</span>
          {media.channels > 1 ? <span>{t('speaker.customer')}</span> : null}
        </div>
        <div className="wave-scroll">
          <div className="wave-stage" style={{ inlineSize: `${zoom * 100}%` }}>
            <EventLane record={record} playback={playback} />
            <div
              className="wave-box"
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                seekTo(event);
              }}
              onPointerMove={(event) => {
                if (event.buttons === 1) seekTo(event);
              }}
            >
              {peaks.isError ? (
                <p className="muted">{t('record.waveMissing')}</p>
              ) : peaks.data === undefined ? (
                <Skeleton.Node active className="wave-skeleton">
                  <span className="sr-only">{t('record.waveLoading')}</span>
                </Skeleton.Node>
              ) : (
                <Waveform playback={playback} peaks={peaks.data} durationMs={record.durationMs} />
              )}
              <MaskedSpans record={record} />
            </div>
          </div>
        </div>
      </div>
      <Controls record={record} playback={playback} zoom={zoom} onZoom={setZoom} />
      {failed ? (
        <Alert
          type="error"
          showIcon
          role="alert"
          title={t('record.mediaFailed')}
          action={
            <Button size="small" onClick={() => playback.retry()}>
              {t('shell.retry')}
            </Button>
          }
        />
      ) : null}
    </section>
  );
}

interface ControlParts {
  record: RecordView;
  playback: Playback;
  zoom: number;
  onZoom: (zoom: number) => void;
}

function Controls({ record, playback, zoom, onZoom }: ControlParts) {
  const { t } = useTranslation();
  const playing = usePlayback(playback, (state) => state.playing);
  const waiting = usePlayback(playback, (state) => state.waiting);
  const speed = usePlayback(playback, (state) => state.speed);
  const second = usePlayback(playback, (state) => Math.floor(state.timeMs / 1000));
  const label = playing ? t('record.pause') : t('record.play');
  const playIcon = playing ? <PauseOutlined /> : <CaretRightFilled />;
  return (
    <div className="controls">
      <Button
        type="primary"
        shape="circle"
        size="large"
        aria-label={label}
        title={label}
        icon={waiting && playing ? <LoadingOutlined /> : playIcon}
        onClick={() => playback.toggle()}
        data-testid="play-button"
      />
      <span className="num clock" data-testid="clock">
        {writeDuration(second * 1000)} / {writeDuration(record.durationMs)}
      </span>
      <Slider
        className="seek"
        min={0}
        max={Math.max(1, Math.floor(record.durationMs / 1000))}
        value={second}
        onChange={(value) => playback.seek(value * 1000)}
        tooltip={{ formatter: (value) => writeDuration((value ?? 0) * 1000) }}
        ariaLabelForHandle={t('record.seekBar')}
        ariaValueTextFormatterForHandle={(value) => writeDuration(Number(value) * 1000)}
      />
      <Segmented<number>
        size="small"
        aria-label={t('record.speed')}
        value={speed}
        options={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
        onChange={(value) => playback.setSpeed(value)}
      />
      <span className="zooms">
        <Button
          size="small"
          type="text"
          icon={<ZoomOutOutlined />}
          aria-label={t('record.zoomOut')}
          title={t('record.zoomOut')}
          disabled={zoom === ZOOMS[0]}
          onClick={() => onZoom(Math.max(ZOOMS[0], zoom / 2))}
        />
        <Button
          size="small"
          type="text"
          icon={<ZoomInOutlined />}
          aria-label={t('record.zoomIn')}
          title={t('record.zoomIn')}
          disabled={zoom === 8}
          onClick={() => onZoom(Math.min(8, zoom * 2))}
        />
      </span>
    </div>
  );
}
