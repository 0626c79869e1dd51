import type { AccessRequestView, Role } from '@voxkeep/contract';
import { idOf } from './fake-records.ts';

export type Person = AccessRequestView['requester'];

const person = (n: number, name: string, role: Role): Person => ({ id: idOf(900 + n), name, role });
export const AUDITOR: Person = { id: idOf(2), name: '范静', role: 'auditor' };
/** Who asks and decides in the stand-in archive. */
export const PEOPLE = {
  qa: person(1, '沈佳宁', 'qa'),
  lead: person(2, '王晓燕', 'team_lead'),
  approverA: person(3, '贺文渊', 'approver'),
  approverB: person(4, '卢思齐', 'approver'),
  compliance: person(5, '温如玉', 'compliance'),
  regulator: { id: idOf(2), name: '季明远（省金融监管局）', role: 'regulator' as Role },
};

/** So many minutes from now; before, where negative. */
export const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
