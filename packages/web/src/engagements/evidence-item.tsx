import { Link } from '@tanstack/react-router';
import type { EngagementView, EvidenceReference, EvidenceView } from '@voxkeep/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { DayText } from '../compliance/day-text.tsx';
import { RecordLink } from '../retire/record-link.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { AnswerEvidence } from './answer-evidence.tsx';
import { EvidenceMark } from './marks.tsx';
import { Said } from './said.tsx';
import { useChange } from './use-change.ts';

/** One question: by when, about which calls, and the answer with what it rests on. */
export function EvidenceItem({
  engagement,
  question,
}: {
  engagement: EngagementView;
  question: EvidenceView;
}) {
  const { t } = useTranslation();
  const [answering, setAnswering] = useState(false);
  const { state, wanted, recordIds, dueOn, askedBy, askedAt } = question;
  const { answer, references, answeredBy, answeredAt } = question;
  const waits = state === 'asked';
  return (
    <li className="engagement-item" data-testid="question" data-state={state}>
      <div className="card-line">
        <EvidenceMark question={question} />
        <span>
          {t('engagementEvidence.dueOn')} <DayText day={dueOn} />
        </span>
      </div>
      <Said what={t('engagementEvidence.wanted')} text={wanted} by={askedBy} at={askedAt}>
        {recordIds.length === 0 ? null : (
          <p className="engagement-links">
            {t('engagementEvidence.records')}
            {recordIds.map((id) => (
              <RecordLink key={id} id={id} />
            ))}
          </p>
        )}
      </Said>
      {answer === undefined ? null : (
        <Said what={t('engagementEvidence.answer')} text={answer} by={answeredBy} at={answeredAt}>
          <References references={references} />
        </Said>
      )}
      <div className="hold-actions">
        {waits && engagement.may.includes('answer') ? (
          <Button onClick={() => setAnswering(true)} data-testid="answer-evidence">
            {t('engagementEvidence.answerIt')}
          </Button>
        ) : null}
        {waits && engagement.may.includes('examine') ? <Withdraw question={question} /> : null}
      </div>
      {answering ? (
        <AnswerEvidence question={question} onClose={() => setAnswering(false)} />
      ) : null}
    </li>
  );
}

function References({ references }: { references: readonly EvidenceReference[] }) {
  const { t } = useTranslation();
  if (references.length === 0) return null;
  return (
    <p className="engagement-links">
      {t('engagementEvidence.references')}
      {references.map(({ kind, id }) => (
        <span key={`${kind} ${id}`}>
          {t(`engagementEvidence.reference.${kind}`)}{' '}
          {kind === 'record' ? (
            <RecordLink id={id} />
          ) : kind === 'audit' ? (
            <Link to="/audits/$id" params={{ id }} className="num" title={id}>
              …{id.slice(-8)}
            </Link>
          ) : (
            <span className="num">{id}</span>
          )}
        </span>
      ))}
    </p>
  );
}

function Withdraw({ question: { id, engagementId } }: { question: EvidenceView }) {
  const { t } = useTranslation();
  const withdraw = useChange<void, EvidenceView>({
    engagementId,
    part: 'evidence',
    send: () => ask(`/engagements/${engagementId}/evidence/${id}/withdraw`, { method: 'POST' }),
    said: t('engagementEvidence.withdrawn'),
    onDone: () => undefined,
  });
  return (
    <>
      <Button
        loading={withdraw.isPending}
        onClick={() => withdraw.mutate()}
        data-testid="withdraw-evidence"
      >
        {t('engagementEvidence.withdraw')}
      </Button>
      {withdraw.isError ? <ProblemPanel error={withdraw.error} /> : null}
    </>
  );
}
