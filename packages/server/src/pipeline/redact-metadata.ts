import type { CallMetadata } from '../record/metadata.ts';
import type { Finding } from '../record/transcript.ts';
import { redactText } from '../redact/index.ts';

/** What the sender already knows to be personal, to be masked wherever it is said or written. */
export function knownPersonalData(metadata: CallMetadata): {
  knownNumbers: string[];
  knownNames: string[];
} {
  const { phone, account, name } = metadata.customer;
  const present = (values: (string | undefined)[]) => values.filter((value) => value !== undefined);
  return { knownNumbers: present([phone, account]), knownNames: present([name]) };
}

/** Redacts every free-text field of the metadata as the transcript is redacted. */
export function redactMetadata(metadata: CallMetadata): {
  metadata: CallMetadata;
  findings: Finding[];
} {
  const known = knownPersonalData(metadata);
  const findings: Finding[] = [];
  const clean = (text: string, field: string): string => {
    const result = redactText(text, field, known);
    findings.push(...result.findings);
    return result.text;
  };
  const { demand, agentNote, feedback, events, ...rest } = metadata;
  const redacted: CallMetadata = {
    ...rest,
    events: events.map((event, at) => {
      const { agentId, ...other } = event;
      const outside = agentId !== undefined && isOutsideNumber(agentId, metadata);
      const kept = outside ? other : event;
      if (event.note === undefined) return kept;
      return { ...kept, note: clean(event.note, `events/${at}/note`) };
    }),
    ...(demand === undefined ? {} : { demand: clean(demand, 'demand') }),
    ...(agentNote === undefined ? {} : { agentNote: clean(agentNote, 'agentNote') }),
  };
  if (feedback !== undefined) {
    redacted.feedback =
      feedback.comment === undefined
        ? feedback
        : { ...feedback, comment: clean(feedback.comment, 'feedback/comment') };
  }
  return { metadata: redacted, findings };
}

const MOBILE = /^1[3-9]\d{9}$/;
const digitsOf = (text: string) => text.replace(/\D/g, '').replace(/^(?:00)?86(?=1\d{10}$)/, '');

/**
 * A call that is passed on outside names the number it went to. It is nobody's agent id, unless this
 * house's agents are known by their mobile numbers; the customer's own never is.
 */
function isOutsideNumber(agentId: string, { agent, customer }: CallMetadata): boolean {
  const digits = digitsOf(agentId);
  if (agentId === agent.id || digits.length < 7) return false;
  if (customer.phone !== undefined && digits === digitsOf(customer.phone)) return true;
  return MOBILE.test(digits) && !MOBILE.test(digitsOf(agent.id));
}
