import { LockOutlined, VideoCameraOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import type { SearchHit } from '@voxkeep/contract';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RowPlace } from '../grid/row-grid.tsx';
import { labelOf } from '../i18n/label-of.ts';
import { writeDuration, writeInstant, writeListTime, writeRelative } from '../i18n/moments.ts';
import { mayDo } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { TierMark } from '../theme/tier-mark.tsx';
import { Snippet } from './snippet.tsx';

interface Row extends RowPlace {
  hit: SearchHit;
  zone: string;
  onChoose: (index: number, open: boolean) => void;
  chosen: boolean;
  onToggle?: (id: string) => void;
}

/** One call of the results. The row takes the focus; its link is for the mouse and for new tabs. */
export const ResultRow = memo(function ResultRow({
  hit,
  index,
  top,
  active,
  tabStop,
  zone,
  onChoose,
  chosen,
  onToggle,
}: Row) {
  const { t, i18n } = useTranslation();
  const session = useSession();
  // Core and sensitive calls always have words; their absence means that they are not for this viewer.
  const mayRead = mayDo(session, 'read_transcript') && hit.tier === 'basic';
  const now = Date.now();
  const when = writeListTime(hit.startedAt, now, zone, i18n.language);
  return (
    <div
      role="row"
      className="grid-row row"
      style={{ transform: `translateY(${top}px)` }}
      aria-rowindex={index + 2}
      aria-selected={active}
      aria-disabled={!hit.canOpen}
      tabIndex={tabStop ? 0 : -1}
      data-testid="search-row"
      data-index={index}
      data-id={hit.id}
      onClick={(event) => {
        const onOwn = event.target instanceof Element && event.target.closest('a, .c-choose');
        onChoose(index, !onOwn);
      }}
    >
      {onToggle === undefined ? null : (
        <span role="gridcell" className="c-choose">
          <input
            type="checkbox"
            tabIndex={-1}
            checked={chosen}
            aria-label={t('search.choose', { when })}
            onChange={() => onToggle(hit.id)}
            data-testid="choose"
          />
        </span>
      )}
      <span
        role="gridcell"
        className="c-time num"
        title={`${writeInstant(hit.startedAt, zone)} · ${writeRelative(hit.startedAt, now, i18n.language)}`}
      >
        {hit.canOpen ? (
          <Link to="/records/$id" params={{ id: hit.id }} tabIndex={-1}>
            {when}
          </Link>
        ) : (
          when
        )}
      </span>
      <span role="gridcell" className="c-tier">
        <TierMark tier={hit.tier} short />
      </span>
      <span role="gridcell" className="c-issue">
        {hit.channel === 'video' ? (
          <VideoCameraOutlined aria-label={t('channel.video')} title={t('channel.video')} />
        ) : null}
        {labelOf('issueType', hit.issueType)}
      </span>
      <span role="gridcell" className="c-duration num">
        {writeDuration(hit.durationS * 1000)}
      </span>
      <span role="gridcell" className="c-phone num">
        {hit.phoneMasked ?? <span className="muted">{t('search.noPhone')}</span>}
      </span>
      <span
        role="gridcell"
        className="c-agent"
        title={[hit.agentId, hit.team].filter(Boolean).join(' · ')}
      >
        {hit.agentName ?? hit.agentId}
        {hit.team === undefined ? null : <span className="muted"> {hit.team}</span>}
      </span>
      <span role="gridcell" className="c-findings num">
        {hit.findingCount > 0 ? (
          <span title={t('search.findingsTitle', { n: hit.findingCount })}>{hit.findingCount}</span>
        ) : null}
      </span>
      <span role="gridcell" className="c-snippet">
        {hit.canOpen ? (
          hit.snippet === undefined ? (
            <span className="muted">
              {t(mayRead ? 'search.noSnippet' : 'search.contentHidden')}
            </span>
          ) : (
            <Snippet text={hit.snippet} marks={hit.marks} />
          )
        ) : (
          <span className="muted" title={hit.refusal}>
            <LockOutlined aria-hidden="true" /> {t('search.cannotOpen')}
            {hit.refusal === undefined ? '' : ` · ${hit.refusal}`}
          </span>
        )}
      </span>
    </div>
  );
});
