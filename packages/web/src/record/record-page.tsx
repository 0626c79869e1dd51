import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { RecordView } from '@voxkeep/contract';
import { Alert, Image, Skeleton } from 'antd';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { AskLink } from '../access/ask-link.tsx';
import { GrantBar } from '../access/grant-bar.tsx';
import { grantsQuery } from '../api/access-queries.ts';
import { ApiProblem } from '../api/client.ts';
import { recordQuery } from '../api/queries.ts';
import { GonePanel } from '../retire/gone-panel.tsx';
import { RetentionPanel } from '../retire/retention-panel.tsx';
import { rememberActive, rememberedFilters, useNeighbours } from '../search/result-list.ts';
import { useHotkeys } from '../shell/hotkeys.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { ClassificationPanel, CopiesPanel, RefusalPanel } from './assurance-panels.tsx';
import { FactsPanel, FindingsPanel, NotesPanel } from './facts-panel.tsx';
import { Panel } from './panel.tsx';
import { Playback, usePlayback } from './playback.ts';
import { Player } from './player.tsx';
import { RecordHead } from './record-head.tsx';
import { TrailPanel } from './trail-panel.tsx';
import { Transcript } from './transcript.tsx';
import { Watermark } from './watermark.tsx';
import '../access/grant.css';
import './record.css';
import './record-print.css';

export function RecordPage() {
  const { id } = useParams({ from: '/signed-in/records/$id' });
  const navigate = useNavigate();
  const record = useQuery(recordQuery(id));
  const neighbours = useNeighbours(id);

  const step = async (by: 1 | -1) => {
    const to =
      by === -1 ? neighbours.previousId : (neighbours.nextId ?? (await neighbours.loadNext?.()));
    if (to === undefined) return;
    rememberActive(to);
    await navigate({ to: '/records/$id', params: { id: to }, replace: true });
  };
  useHotkeys({
    j: () => void step(1),
    k: () => void step(-1),
    u: () => void navigate({ to: '/', search: rememberedFilters() }),
  });

  return (
    <div className="record">
      <RecordHead record={record.data} neighbours={neighbours} onStep={(by) => void step(by)} />
      {record.isPending ? (
        <RecordSkeleton />
      ) : record.isError ? (
        <div className="record-problem">
          <ProblemPanel error={record.error} onRetry={() => void record.refetch()}>
            {isRefusal(record.error) ? <AskLink recordId={id} /> : null}
          </ProblemPanel>
          {isGone(record.error) ? <GonePanel recordId={id} /> : null}
        </div>
      ) : (
        <>
          <OpenRecord key={id} record={record.data} />
          <Watermark />
        </>
      )}
    </div>
  );
}

function OpenRecord({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  const playback = useMemo(() => new Playback(record.durationMs), [record.durationMs]);
  useHotkeys({
    ' ': () => playback.toggle(),
    ArrowLeft: () => playback.seekBy(-1),
    ArrowRight: () => playback.seekBy(1),
    '[': () => playback.stepSpeed(-1),
    ']': () => playback.stepSpeed(1),
  });
  // A stream that breaks off may be a grant that was taken back: then the page says so.
  const queries = useQueryClient();
  const failed = usePlayback(playback, (state) => state.failed);
  useEffect(() => {
    if (failed) void queries.invalidateQueries({ queryKey: grantsQuery.queryKey });
  }, [failed, queries]);
  const stateNote = noteOf(record);
  return (
    <div className="record-grid">
      <div className="record-main">
        <GrantBar record={record} />
        {stateNote === undefined ? null : (
          <Alert type="warning" showIcon title={t(`record.${stateNote}`)} />
        )}
        <Player record={record} playback={playback} />
        <Transcript record={record} playback={playback} />
        <NotesPanel record={record} />
        <Screenshots record={record} />
        <TrailPanel record={record} />
      </div>
      <div className="record-side">
        <RefusalPanel record={record} />
        <RetentionPanel record={record} />
        <FactsPanel record={record} />
        <FindingsPanel record={record} />
        <ClassificationPanel record={record} />
        <CopiesPanel record={record} />
      </div>
    </div>
  );
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.status === 403;
}

function isGone(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.code === 'RECORD_DISPOSED';
}

function Screenshots({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  if (record.screenshots.length === 0) return null;
  return (
    <Panel title={t('record.screenshots')}>
      <Image.PreviewGroup>
        <div className="screenshots">
          {record.screenshots.map(({ url }, index) => (
            <Image
              key={url}
              src={url}
              width={160}
              height={90}
              alt={t('record.screenshot', { n: index + 1 })}
            />
          ))}
        </div>
      </Image.PreviewGroup>
    </Panel>
  );
}

function noteOf({ state }: RecordView) {
  if (state === 'archived') return undefined;
  if (state === 'disposed') return 'disposedNote' as const;
  return state === 'restricted' ? ('restrictedNote' as const) : ('pendingNote' as const);
}

function RecordSkeleton() {
  return (
    <div className="record-grid" aria-busy="true">
      <div className="record-main">
        <div className="card player skeleton-player">
          <Skeleton active title={false} paragraph={{ rows: 5, width: '100%' }} />
        </div>
        <div className="card transcript">
          <Skeleton active paragraph={{ rows: 8 }} />
        </div>
      </div>
      <div className="record-side">
        {['retention', 'facts', 'copies'].map((name) => (
          <div key={name} className="card panel">
            <Skeleton active paragraph={{ rows: 4 }} />
          </div>
        ))}
      </div>
    </div>
  );
}
