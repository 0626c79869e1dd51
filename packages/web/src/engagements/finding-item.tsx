import type { EngagementView, ExternalFindingView } from '@voxkeep/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { DayText } from '../compliance/day-text.tsx';
import { useSession } from '../session/use-session.ts';
import { ReasonDialog } from '../shell/reason-dialog.tsx';
import { AnswerFinding } from './answer-finding.tsx';
import { FindingAbout } from './finding-about.tsx';
import { ExternalFindingMark, SeverityWord } from './marks.tsx';
import { mayCloseFinding } from './may-close-finding.ts';
import { Said } from './said.tsx';
import { TEXT_LEAST } from './text-least.ts';
import { useDone } from './use-change.ts';

/** One finding: how grave, what it is about, what was answered and how it was closed. */
export function FindingItem({
  engagement,
  finding,
}: {
  engagement: EngagementView;
  finding: ExternalFindingView;
}) {
  const { t } = useTranslation();
  const { state, severity, about, text, writtenBy, writtenAt, dueOn } = finding;
  const { answer, answeredBy, answeredAt, closing, closedBy, closedAt } = finding;
  return (
    <li
      className={`engagement-item severity-${severity}`}
      data-testid="external-finding"
      data-state={state}
    >
      <div className="card-line">
        <SeverityWord severity={severity} />
        <ExternalFindingMark finding={finding} />
        <FindingAbout engagementId={engagement.id} about={about} />
        {dueOn === undefined ? null : (
          <span>
            {t('engagementFinding.dueOn')} <DayText day={dueOn} />
          </span>
        )}
      </div>
      <Said what={t('engagementFinding.text')} text={text} by={writtenBy} at={writtenAt} />
      {answer === undefined ? null : (
        <Said what={t('engagementFinding.answer')} text={answer} by={answeredBy} at={answeredAt} />
      )}
      {closing === undefined ? null : (
        <Said what={t('engagementFinding.closing')} text={closing} by={closedBy} at={closedAt} />
      )}
      <FindingActions engagement={engagement} finding={finding} />
    </li>
  );
}

/** Answering and closing, as far as this person may; why an officer may not close it is told. */
function FindingActions({
  engagement,
  finding,
}: {
  engagement: EngagementView;
  finding: ExternalFindingView;
}) {
  const { t } = useTranslation();
  const session = useSession();
  const [open, setOpen] = useState<'answer' | 'close'>();
  const { state, answer } = finding;
  const answers = state !== 'closed' && engagement.may.includes('answer');
  const closing = mayCloseFinding(engagement, finding, session);
  const close = () => setOpen(undefined);
  return (
    <div className="hold-actions">
      {answers ? (
        <Button onClick={() => setOpen('answer')} data-testid="answer-finding">
          {t(answer === undefined ? 'engagementFinding.answerIt' : 'engagementFinding.answerAnew')}
        </Button>
      ) : null}
      {closing === 'may' ? (
        <Button onClick={() => setOpen('close')} data-testid="close-finding">
          {t('engagementFinding.close')}
        </Button>
      ) : closing === undefined ? null : (
        <span className="muted">{t(`engagementFinding.mayNotClose.${closing}`)}</span>
      )}
      {open === 'answer' ? <AnswerFinding finding={finding} onClose={close} /> : null}
      {open === 'close' ? <CloseDialog finding={finding} onClose={close} /> : null}
    </div>
  );
}

function CloseDialog({
  finding: { id, engagementId },
  onClose,
}: {
  finding: ExternalFindingView;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const done = useDone({
    ...{ engagementId, part: 'findings' as const },
    said: t('engagementFinding.closed'),
    onDone: onClose,
  });
  return (
    <ReasonDialog
      send={(text) =>
        ask<ExternalFindingView>(`/engagements/${engagementId}/findings/${id}/close`, {
          ...{ method: 'POST', body: { text } },
        })
      }
      title={t('engagementFinding.close')}
      lead={t('engagementFinding.closeLead')}
      confirm={t('engagementFinding.close')}
      shortest={TEXT_LEAST}
      longest={4000}
      onDone={done}
      onClose={onClose}
    />
  );
}
