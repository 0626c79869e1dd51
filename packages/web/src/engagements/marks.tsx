import type {
  AuditSeverity,
  EngagementView,
  EvidenceView,
  ExternalFindingView,
  SampleState,
} from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { useToday } from '../compliance/day-text.tsx';
import { Mark, type Tone } from '../compliance/mark.tsx';

const ENGAGEMENTS = {
  ...{ opened: 'soon', upcoming: 'soon', confirmed: 'good', over: 'plain', closed: 'plain' },
} as const satisfies Record<EngagementView['state'] | 'upcoming', Tone>;

/** Whether it is agreed on, and within its days. */
export function EngagementMark({ engagement }: { engagement: EngagementView }) {
  const { t } = useTranslation();
  const { state, from } = engagement;
  const waits = useToday() < from;
  const stands = state === 'confirmed' && waits ? 'upcoming' : state;
  return (
    <span data-testid="engagement-state" data-state={state}>
      <Mark tone={ENGAGEMENTS[stands]}>{t(`engagements.state.${stands}`)}</Mark>
    </span>
  );
}

const SAMPLES = { asked: 'soon', drawn: 'good', given_up: 'plain' } as const;

export function SampleMark({ state }: { state: SampleState }) {
  const { t } = useTranslation();
  return <Mark tone={SAMPLES[state]}>{t(`engagementSample.state.${state}`)}</Mark>;
}

const EVIDENCE = { asked: 'soon', overdue: 'bad', answered: 'good', withdrawn: 'plain' } as const;

export function EvidenceMark({ question: { state, overdue } }: { question: EvidenceView }) {
  const { t } = useTranslation();
  const stands = overdue ? 'overdue' : state;
  return <Mark tone={EVIDENCE[stands]}>{t(`engagementEvidence.state.${stands}`)}</Mark>;
}

const FINDINGS = {
  ...{ open: 'soon', accepted: 'soon', overdue: 'bad', disputed: 'soon', closed: 'good' },
} as const satisfies Record<ExternalFindingView['state'] | 'overdue', Tone>;

export function ExternalFindingMark({
  finding: { state, overdue },
}: {
  finding: ExternalFindingView;
}) {
  const { t } = useTranslation();
  const stands = overdue ? 'overdue' : state;
  return <Mark tone={FINDINGS[stands]}>{t(`engagementFinding.state.${stands}`)}</Mark>;
}

export function SeverityWord({ severity }: { severity: AuditSeverity }) {
  const { t } = useTranslation();
  return <strong>{t(`auditSeverity.${severity}`)}</strong>;
}
