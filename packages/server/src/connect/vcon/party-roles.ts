import type { Dialog, Party } from './vcon-shape.ts';

export type Role = 'agent' | 'customer' | 'other';

/** The part a party plays, by the `role` of the contact-centre extension; 'other' if unsaid. */
export function roleOf(party: Party | undefined): Role {
  const role = party?.role?.trim().toLowerCase() ?? '';
  if (/^(agent|advisor|representative|operator|坐席|座席|客服)$/.test(role)) return 'agent';
  return /^(customer|caller|client|contact|客户|用户)$/.test(role) ? 'customer' : 'other';
}

/** The channel of the recording that a party is heard on; undefined when all share one. */
export function channelOf(dialog: Dialog, party: number | undefined): number | undefined {
  if (party === undefined || !Array.isArray(dialog.parties)) return undefined;
  const at = dialog.parties.findIndex((one) => [one].flat().includes(party));
  return at < 0 ? undefined : at;
}
