import type { SiteView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { codeWords, labelOf } from '../i18n/label-of.ts';
import { writeBytes, writeInstant } from '../i18n/moments.ts';
import { useSession } from '../session/use-session.ts';

/** From here on the bar says so by colour; the alarm's own limit is the archive's configuration. */
const LITTLE_PERCENT = 10;

/** What our copies take of a site's room, what others take, what is free, and until when. */
export function SpaceBar({ site }: { site: SiteView }) {
  const { t } = useTranslation();
  const { timeZone } = useSession();
  const { used, freeBytes, totalBytes, fullAt, fullUnknown, reachable, kind } = site;
  const ours = used.reduce((sum, { bytes }) => sum + bytes, 0);
  const oursText = t('sites.spaceOurs', { size: writeBytes(ours) });
  const pools = used.map(({ pool, bytes, copies }) =>
    t('sites.poolLine', {
      ...{ pool: labelOf('sites.pool', pool), size: writeBytes(bytes) },
      copies: copies.toLocaleString('en'),
    }),
  );
  const date = fullAt === undefined ? '' : writeInstant(fullAt, timeZone, false).slice(0, 10);
  // That nothing is told of what is free stands right above.
  const whyUnknown =
    fullUnknown === undefined || fullUnknown === 'NO_FREE_SPACE_TOLD'
      ? t('sites.fullUnknown')
      : codeWords(fullUnknown);
  return (
    <div className="space">
      {totalBytes === undefined || freeBytes === undefined ? (
        <p title={pools.join('\n')}>
          {oursText}
          <span className="muted">
            {' · '}
            {t(reachable || kind === 'bucket' ? 'sites.spaceNotTold' : 'sites.spaceUnknown')}
          </span>
        </p>
      ) : (
        <Bar ours={ours} free={freeBytes} total={totalBytes} title={pools.join('\n')} />
      )}
      <dl className="pairs">
        <dt>{t('sites.full')}</dt>
        <dd className={fullAt === undefined ? 'muted' : undefined}>
          {fullAt === undefined ? whyUnknown : t('sites.fullAt', { date })}
        </dd>
      </dl>
    </div>
  );
}

function Bar({
  ours,
  free,
  total,
  title,
}: {
  ours: number;
  free: number;
  total: number;
  title: string;
}) {
  const { t } = useTranslation();
  const taken = Math.max(0, total - free);
  const others = Math.max(0, taken - ours);
  const percent = Math.floor((free / total) * 100);
  const words = [
    t('sites.spaceOurs', { size: writeBytes(ours) }),
    t('sites.spaceOthers', { size: writeBytes(others) }),
    t('sites.spaceFree', { size: writeBytes(free), percent }),
  ];
  const little = percent < LITTLE_PERCENT;
  const width = (bytes: number) => ({ inlineSize: `${Math.min(100, (bytes / total) * 100)}%` });
  return (
    <div title={title}>
      <div className="space-bar" aria-hidden="true">
        <span className="space-ours" style={width(Math.min(ours, taken))} />
        <span className="space-others" style={width(others)} />
      </div>
      <p className="space-words">
        <span className="space-key space-key-ours">{words[0]}</span>
        <span className="space-key space-key-others">{words[1]}</span>
        <span className={little ? 'held' : undefined}>{words[2]}</span>
      </p>
    </div>
  );
}
