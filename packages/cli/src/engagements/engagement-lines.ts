import type {
  EngagementsView,
  EngagementView,
  EvidenceView,
  ExternalFindingView,
} from '@voxkeep/contract';

const STATE = 10;
const nameOf = ({ id, name }: { id: string; name?: string | undefined }) => name ?? id;

/** Engagements, two lines each. */
export function engagementsLines({ engagements }: EngagementsView): string[] {
  return engagements.length === 0 ? ['no engagement yet'] : engagements.flatMap(headLines);
}

function headLines({ id, state, firm, from, until, counts }: EngagementView): string[] {
  const { samples, evidenceOpen, evidenceOverdue, findings, findingsOpen } = counts;
  const late = evidenceOverdue === 0 ? '' : `, ${evidenceOverdue} OVERDUE`;
  return [
    `${state.toUpperCase().padEnd(STATE)} ${id}  ${firm}, ${from} to ${until}`,
    `  ${samples} samples; ${evidenceOpen} questions open${late}; ${findings} findings, ${findingsOpen} open`,
  ];
}

/** One engagement with its terms; `commitment` is what whoever confirms it names. */
export function engagementLines(one: EngagementView): string[] {
  const { purpose, calls, checks, commitment, openedBy, openedAt, auditors } = one;
  const { confirmedBy, confirmedAt, closedBy, closedAt, closingReason } = one;
  return [
    ...headLines(one),
    `  purpose     ${purpose}`,
    `  calls       ${calls.from} to ${calls.to} (${calls.tiers.join(', ')})`,
    `  checks      ${checks.length === 0 ? 'all' : checks.join(', ')}`,
    `  commitment  ${commitment}`,
    `  opened by ${nameOf(openedBy)} at ${openedAt}`,
    ...(confirmedBy === undefined
      ? []
      : [`  confirmed by ${nameOf(confirmedBy)} at ${confirmedAt ?? ''}`]),
    ...(closedBy === undefined
      ? []
      : [`  closed by ${nameOf(closedBy)} at ${closedAt ?? ''}: ${closingReason ?? ''}`]),
    ...auditors.map((auditor) => `  auditor ${nameOf(auditor)} (${auditor.id})`),
  ];
}

/** One question, with its answer where there is one. */
export function evidenceLines(one: EvidenceView): string[] {
  const { id, state, wanted, recordIds, dueOn, overdue, askedBy, answer, references } = one;
  const due = overdue ? `OVERDUE since ${dueOn}` : `by ${dueOn}`;
  return [
    `${state.toUpperCase().padEnd(STATE)} ${id}  ${due}, asked by ${nameOf(askedBy)}`,
    `  ${wanted}`,
    ...recordIds.map((recordId) => `  about record ${recordId}`),
    ...(answer === undefined ? [] : [`  answer: ${answer}`]),
    ...references.map((reference) => `  see ${reference.kind} ${reference.id}`),
  ];
}

/** One finding of an outside auditor, with what became of it. */
export function externalFindingLines(one: ExternalFindingView): string[] {
  const { id, state, severity, about, text, answer, dueOn, overdue, closing, closedBy } = one;
  const due = dueOn === undefined ? '' : overdue ? `, OVERDUE since ${dueOn}` : `, due ${dueOn}`;
  return [
    `${state.toUpperCase().padEnd(STATE)} ${id}  ${severity}, about ${about.kind} ${about.id}${due}`,
    `  ${text}`,
    ...(answer === undefined ? [] : [`  answer: ${answer}`]),
    ...(closing === undefined
      ? []
      : [`  closed by ${closedBy === undefined ? 'nobody' : nameOf(closedBy)}: ${closing}`]),
  ];
}
