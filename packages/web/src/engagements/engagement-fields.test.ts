import {
  AUDIT_CHECKS,
  AuditSeverity,
  EngagementIn,
  EvidenceAnswerIn,
  Tier,
} from '@voxkeep/contract';
import { expect, test } from 'vitest';
import { CHECK_IDS, SEVERITIES, TIERS } from './choices.ts';
import { engagementOf, readEntries, referencesOf } from './engagement-fields.ts';

const ID = '0198c0de-0000-7000-8000-000000000001';

test('the page offers exactly the checks, severities and tiers of the contract', () => {
  expect(CHECK_IDS).toEqual(AUDIT_CHECKS);
  expect(SEVERITIES).toEqual(AuditSeverity.options);
  expect(TIERS).toEqual(Tier.options);
});

test('what the form has is what the contract takes', () => {
  const fields = {
    ...{ firm: '某会计师事务所', purpose: '年度合规审计', tiers: [...TIERS] },
    ...{ callsFrom: '2025-01-01', callsTo: '2025-12-31', from: '2026-01-05', until: '2026-02-05' },
  };
  expect(EngagementIn.parse(engagementOf(fields)).checks).toEqual([]);
  const checks = [CHECK_IDS[0]];
  expect(EngagementIn.parse(engagementOf({ ...fields, checks })).checks).toEqual(checks);
});

test('what an answer rests on is named by kind; an index that is none is told', () => {
  expect(readEntries('12，#13 12')).toEqual({ entries: ['12', '13'], wrong: [] });
  expect(readEntries('01 -3 x')).toEqual({ entries: [], wrong: ['01', '-3', 'x'] });
  expect(readEntries(' ')).toEqual({ entries: [], wrong: [] });
  const references = referencesOf([ID], [ID], ['0']);
  expect(EvidenceAnswerIn.parse({ answer: '见附列凭证', references }).references).toHaveLength(3);
});
