import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mapRole, type RoleLine } from './map-role.ts';

const LINES: RoleLine[] = [
  { claim: 'groups', value: 'qa', role: 'qa' },
  { claim: 'groups', value: 'calls', role: 'agent', agentIdClaim: 'number', teamClaim: 'team' },
  { claim: 'groups', value: 'leads', role: 'team_lead', team: '一组' },
];

it('gives the role of the first line that fits, with its ids', () => {
  expect(mapRole(LINES, { claims: { groups: ['leads', 'qa'] } })).toEqual({ role: 'qa' });
  expect(mapRole(LINES, { claims: { groups: ['leads'] } })).toEqual({
    ...{ role: 'team_lead', teamId: '一组' },
  });
  const claims = { groups: ['calls'], number: ['1003'], team: ['二组'] };
  expect(mapRole(LINES, { claims })).toEqual({ role: 'agent', agentId: '1003', teamId: '二组' });
});

it('gives an agent without an agent id no role', () => {
  expect(mapRole(LINES, { claims: { groups: ['calls'] } })).toBeUndefined();
});

it('gives nobody a role whose claims no line names', () => {
  const word = fc.string().filter((one) => !['qa', 'calls', 'leads'].includes(one));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.array(word)), (claims) => {
      expect(mapRole(LINES, { claims })).toBeUndefined();
      expect(mapRole([], { claims: { groups: ['qa'] } })).toBeUndefined();
    }),
  );
});
