import { Link } from '@tanstack/react-router';
import type { RetentionRulesView } from '@voxkeep/contract';
import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';

/** A change that shortens, asked for by one officer: until when it waits, and for whom. */
export function WaitingRules({
  waiting: { actorId, at, until },
}: {
  waiting: NonNullable<RetentionRulesView['waiting']>;
}) {
  const { t } = useTranslation();
  const session = useSession();
  const isOwn = actorId === session.actor.id;
  const confirms = mayOpen(session, 'manageRetention');
  const told = isOwn ? 'waitingOwn' : confirms ? 'waitingOther' : 'waitingSeen';
  return (
    <Alert
      type="warning"
      showIcon
      data-testid="waiting-rules"
      title={t('compliance.rules.waitingTitle')}
      description={
        <p>
          {t(`compliance.rules.${told}`)} {t('compliance.rules.askedAt')} <Moment at={at} />
          {t('compliance.rules.waitsUntil')} <Moment at={until} exact />
        </p>
      }
      action={
        confirms ? (
          <Link
            to="/compliance/rules/edit"
            search={{ from: 'waiting' }}
            data-testid="look-at-waiting"
          >
            {t(isOwn ? 'compliance.rules.lookAtOwn' : 'compliance.rules.lookAndConfirm')}
          </Link>
        ) : undefined
      }
    />
  );
}
