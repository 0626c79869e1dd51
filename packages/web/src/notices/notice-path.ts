import type { Notice, NoticeKind, SessionView } from '@voxkeep/contract';
import { mayOpen } from '../session/abilities.ts';

/** Where the page is that a notice is about: with its resource, and without one. */
const PAGES: Record<NoticeKind, { of?: (id: string) => string; otherwise: string }> = {
  'request.awaiting': { of: request, otherwise: '/access/inbox' },
  'request.approved': { of: request, otherwise: '/access/mine' },
  'request.rejected': { of: request, otherwise: '/access/mine' },
  'request.withdrawn': { of: request, otherwise: '/access/inbox' },
  'request.revoked': { of: request, otherwise: '/access/mine' },
  'grant.ending': { of: request, otherwise: '/access/mine' },
  'grant.ended': { of: request, otherwise: '/access/mine' },
  'break_glass.used': { of: request, otherwise: '/access/requests' },
  'break_glass.to_review': { of: request, otherwise: '/access/inbox' },
  'mandate.begins': { of: request, otherwise: '/access/mandates' },
  'mandate.ended': { of: request, otherwise: '/access/mandates' },
  'disposal.proposed': {
    of: (id) => `/compliance/disposals/${id}`,
    otherwise: '/compliance/disposals',
  },
  'enrolment.awaiting': { otherwise: '/access/passkeys' },
  'enrolment.done': { otherwise: '/access/passkeys' },
  'playback.fast': { of: (id) => `/records/${id}`, otherwise: '/' },
  'account.forged': { otherwise: '/accounts' },
  'ledger.alarm': { otherwise: '/ledger' },
  'audit.ended': { of: (id) => `/audits/${id}`, otherwise: '/audits' },
  'engagement.awaiting': { of: engagement, otherwise: '/compliance/engagements' },
  'engagement.asked': { of: engagement, otherwise: '/compliance/engagements' },
  'engagement.answered': { of: engagement, otherwise: '/compliance/engagements' },
  'placement.differs': { otherwise: '/sites' },
  'hold.placed': { of: holdNotice, otherwise: '/settings' },
  'hold.released': { of: holdNotice, otherwise: '/settings' },
  'original.asked': { of: (id) => `/records/${id}`, otherwise: '/' },
  'subject.awaiting': { of: subject, otherwise: '/compliance/requests' },
  'subject.due': { of: subject, otherwise: '/compliance/requests' },
  'subject.overdue': { of: subject, otherwise: '/compliance/requests?box=overdue' },
  'retention.differs': { otherwise: '/compliance/rules' },
  'retention.review': { otherwise: '/compliance/rules' },
  'site.alarm': { otherwise: '/sites' },
  'site.clear': { otherwise: '/sites' },
};

/** Ids only: what else could stand there must not become part of an address. */
const ID = /^[0-9a-f-]{36}$/;

export function noticePath(
  { kind, resource }: Pick<Notice, 'kind' | 'resource'>,
  session: Pick<SessionView, 'abilities'>,
): string {
  // Administrators look after the ledger and do not read it.
  if (kind === 'ledger.alarm' && !mayOpen(session, 'ledger')) return '/status';
  // Compliance is told of copies that are lost, and finds the repairs in the ledger.
  if (kind.startsWith('site.') && !mayOpen(session, 'sites')) return '/ledger';
  const { of, otherwise } = PAGES[kind];
  return of !== undefined && resource !== undefined && ID.test(resource) ? of(resource) : otherwise;
}

function request(id: string): string {
  return `/access/requests/${id}`;
}

function subject(id: string): string {
  return `/compliance/requests/${id}`;
}

function engagement(id: string): string {
  return `/compliance/engagements/${id}`;
}

/** What a custodian is told, whatever their role. */
function holdNotice(id: string): string {
  return `/hold-notices/${id}`;
}
