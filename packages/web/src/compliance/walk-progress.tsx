import type { RetentionRulesView } from '@voxkeep/contract';
import { Progress } from 'antd';
import { useTranslation } from 'react-i18next';

/** How far the rules in force have been carried to the records; nothing once every record has its term. */
export function WalkProgress({
  view: { inForce, walk, pendingLocks },
}: {
  view: Pick<RetentionRulesView, 'inForce' | 'walk' | 'pendingLocks'>;
}) {
  const { t } = useTranslation();
  const [given, of] = [walk.given.toLocaleString('en'), walk.of.toLocaleString('en')];
  const percent = walk.of === 0 ? 100 : Math.floor((walk.given / walk.of) * 100);
  return (
    <>
      {inForce.endedAt === undefined ? (
        <div className="walk" data-testid="rules-walk">
          <span>{t('compliance.rules.walk', { given, of })}</span>
          <Progress percent={percent} size="small" aria-label={t('compliance.rules.walkLabel')} />
        </div>
      ) : null}
      {pendingLocks === 0 ? null : (
        <p className="muted">
          {t('compliance.rules.pendingLocks', { n: pendingLocks.toLocaleString('en') })}
        </p>
      )}
    </>
  );
}
