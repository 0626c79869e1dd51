import type {
  ClosureView,
  SubjectRecord,
  SubjectRequestDetail,
  SubjectRequestsView,
  SubjectRequestView,
} from '@voxkeep/contract';

/** Requests as lines, each with what is left of its time. */
export function requestsLines({ requests, counts }: SubjectRequestsView): string[] {
  const { open, dueSoon, overdue } = counts;
  return [
    ...requests.map(requestLine),
    `${open} open, ${dueSoon} due within three days, ${overdue} overdue`,
  ];
}

function requestLine(one: SubjectRequestView): string {
  const { id, kind, state, answerBy, phoneMasked, accountMasked } = one;
  const who = [phoneMasked, accountMasked].filter((name) => name !== undefined).join(' ');
  return `${id}  ${kind.padEnd(10)} ${state.padEnd(9)} ${who}  ${timeLeft(one, answerBy)}`;
}

function timeLeft({ daysLeft, overdue }: SubjectRequestView, answerBy: string): string {
  if (overdue) return `OVERDUE since ${answerBy}`;
  return daysLeft === undefined ? 'answered' : `by ${answerBy}, ${daysLeft} days`;
}

/** One request with its records: `goes on DATE because RULE`. */
export function requestLines(
  request: SubjectRequestDetail,
  records: readonly SubjectRecord[],
  more: boolean,
): string[] {
  const { identity, note, corrections = [], receivedOn, enteredAt } = request;
  return [
    requestLine(request),
    `received ${receivedOn}, entered ${enteredAt}; identity: ${identity}`,
    ...(note === undefined ? [] : [note]),
    ...corrections.map(
      ({ recordId, field, value, before }) =>
        `${recordId}  ${field}: ${before === undefined ? '' : `${before} becomes `}${value}`,
    ),
    ...records.map(recordLine),
    ...(more ? ['… and more'] : []),
  ];
}

const BECAUSE: Record<SubjectRecord['because'], string> = {
  held: 'is held',
  open_ended: 'is kept: the day that its rule counts from has not come',
  no_term: 'is kept: it has no term yet',
  gone: 'is gone',
  rule: 'is kept: its rule sets no day',
};

function recordLine({ id, startedAt, state, goesOn, because, rule }: SubjectRecord): string {
  const why = goesOn === undefined ? BECAUSE[because] : `goes on ${goesOn}`;
  return `${id}  ${startedAt}  ${state.padEnd(10)} ${why}${rule === undefined ? '' : ` (${rule})`}`;
}

/** One closed account. */
export function closureLines(view: ClosureView): string[] {
  const { reference, accountMasked, closedOn, state, restricted, id } = view;
  return [
    `${reference}  account ${accountMasked}, closed ${closedOn}`,
    `${restricted} records restricted${state === 'running' ? ', still looking' : ''}`,
    id,
  ];
}
