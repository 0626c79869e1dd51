import { setTimeout as sleep } from 'node:timers/promises';
import { type SiteFiles, type SiteReport, verifySite } from '@voxkeep/proof';
import { hasCode } from '../../../core/errors.ts';
import { latestCheckpoint } from '../../../ledger/index.ts';
import { check, HOUR_MS } from '../check.ts';
import type { AuditSite, Found } from '../ports.ts';

const TRIES = 20;
const PAUSE_MS = 500;
/** What a site that is being written may show for a moment. */
const PASSING: readonly string[] = ['BEHIND', 'CHECKPOINT_MISSING', 'PARTIAL_MISSING'];
const MOST_OF_A_SITE = 100;
type Code = 'SITE_LEDGER_WRONG' | 'SITE_LEDGER_BEHIND';

/** The log of each site is verified by its files alone, and has to be this archive's. */
export const ledgerSites = check<Code>({
  title: { zh: '账本：各站点副本', en: 'Ledger: the copy at each site' },
  retest: {
    zh: '逐站点读取账本全部文件，用公钥验证，并与目录库的检查点比对。',
    en: 'Every file of each site’s log is read and verified by the public key, against the catalog’s checkpoint.',
  },
  codes: {
    SITE_LEDGER_WRONG: {
      severity: 'critical',
      wrong: { zh: '站点的账本未通过验证', en: 'A site’s log does not verify' },
      fix: {
        zh: '用 voxkeep ledger verify --against 与其他站点或见证方比对，以完好站点为准恢复该站点的账本。',
        en: 'Compare it with another site or a witness (voxkeep ledger verify --against), and restore that site’s log from a whole one.',
      },
    },
    SITE_LEDGER_BEHIND: {
      severity: 'medium',
      wrong: { zh: '站点的账本落后', en: 'A site’s log is behind' },
      fix: { zh: '恢复站点连通后等待其追平。', en: 'Bring the site back and let it catch up.' },
    },
  },
  async run({ db, clock, sites, log, signal }) {
    const { verifierKey } = log();
    const findings: Found<Code>[] = [];
    let looked = 0;
    for (const site of sites) {
      signal.throwIfAborted();
      const report = await settledReport(site, verifierKey);
      looked += report.size ?? 0;
      for (const { kind, file, entry } of report.problems.slice(0, MOST_OF_A_SITE)) {
        findings.push({
          ...{
            code: 'SITE_LEDGER_WRONG',
            site: site.name,
            subject: { kind: 'file', id: tokenOf(file) },
          },
          detail: { kind, ...(entry === undefined ? {} : { entry }) },
        });
      }
      const state = await latestCheckpoint(db);
      const isOld =
        state !== undefined && clock.now().getTime() - state.signedAt.getTime() > HOUR_MS;
      if (state !== undefined && isOld && (report.size ?? 0) < state.size) {
        findings.push({
          ...{ code: 'SITE_LEDGER_BEHIND', site: site.name },
          subject: { kind: 'site', id: site.name },
          detail: { size: report.size ?? 0, of: state.size },
        });
      }
    }
    return { looked, findings };
  },
});

async function settledReport(site: AuditSite, vkey: string): Promise<SiteReport> {
  for (let left = TRIES; ; left -= 1) {
    const report = await verifySite(filesOf(site), { vkey });
    const passing = report.problems.every(({ kind }) => PASSING.includes(kind));
    if (report.problems.length === 0 || !passing || left === 0) return report;
    await sleep(PAUSE_MS);
  }
}

/** The ledger's area of a site as a verifier reads it. */
function filesOf(site: AuditSite): SiteFiles {
  return {
    async read(path) {
      const parts: Uint8Array[] = [];
      try {
        for await (const part of site.get('ledger', path)) parts.push(part);
      } catch (error) {
        if (hasCode(error, 'OBJECT_MISSING')) return undefined;
        throw error;
      }
      return Buffer.concat(parts);
    },
    async list() {
      const found: string[] = [];
      for await (const { key } of site.list('ledger')) found.push(key);
      return found;
    },
  };
}

/** A path is a token already, unless somebody made it otherwise. */
const tokenOf = (file: string): string => (/^[\x21-\x7e]{1,200}$/.test(file) ? file : 'unnamed');
