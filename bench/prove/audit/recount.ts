import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditReport, AuditRunDetail } from '@voxkeep/contract';
import type { Scene } from './scene.ts';

/** What each check has to have looked at, by a question of one's own. */
const LOOKED: Record<string, string> = {
  'copies.placed': 'select count(*)::text from sealed_object where destroyed_at is null',
  'access.api_keys': 'select count(*)::text from api_key where revoked_at is null',
  'registers.site_country':
    "select count(distinct subject)::text from register_entry where kind = 'site_country'",
  'quarantine.waiting': "select count(*)::text from record where state = 'quarantined'",
  'objects.evidence': "select count(*)::text from record where state in ('archived', 'restricted')",
  'retention.minimum':
    "select count(*)::text from record where state in ('archived', 'restricted', 'disposed')",
};
const SITES = ['hq', 'branch', 'cloud'];

/** The figures of a run against SQL and the ledger's own entries; what does not agree. */
export async function recount(scene: Scene, run: AuditRunDetail): Promise<string[]> {
  const problems: string[] = [];
  const agree = (what: string, told: unknown, counted: unknown) => {
    if (String(told) !== String(counted))
      problems.push(`${what}: ${told} told, ${counted} counted`);
  };
  for (const [check, text] of Object.entries(LOOKED)) {
    const told = run.checks.find(({ id }) => id === check)?.looked;
    agree(`${check} looked at`, told, await scene.one(text));
  }
  const report = await scene.archive.json<AuditReport>('auditor', `/audits/${run.id}/report.json`);
  const count = (state: string) =>
    scene.one(`select count(*)::text from audit_finding
      where run_id = '${run.id}' and state = '${state}'`);
  const { findings = -1, open = -1, accepted = -1 } = report.run.figures ?? {};
  agree('findings', findings, report.findings.length + report.unlisted);
  agree('open findings', open, await count('open'));
  agree('accepted findings', accepted, await count('accepted'));
  agree('checks in the report', report.checks.length, run.checks.length);
  // It is numbered a moment after the run has ended.
  const ends = `from ledger_entry where resource = '${run.id}' and detail ? 'report'`;
  for (let left = 40; (await scene.one(`select count(*)::text ${ends}`)) === '0' && left > 0; ) {
    left -= 1;
    await sleep(250);
  }
  const [entry] = await scene.ask<{ bytes: Buffer }>(`select bytes ${ends}`);
  const logged = JSON.parse(entry?.bytes.toString() ?? '{}') as {
    detail?: Record<string, unknown>;
  };
  for (const site of SITES) {
    const sealed = readFileSync(scene.at(site, `journal/reports/audit-${run.id}.vkr`));
    const digest = createHash('sha256').update(sealed).digest('hex');
    agree(`the report at ${site}`, logged.detail?.['report'], digest);
  }
  agree('findings in the ledger', logged.detail?.['findings'], findings);
  return problems;
}
