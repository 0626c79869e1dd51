import type { Queryable } from '../../../core/database.ts';
import { auditError } from '../audit-error.ts';
import { check } from '../check.ts';
import type { AuditContext, Check, Found } from '../ports.ts';

/** Living entries that count on that day. */
function living(db: Queryable, kind: string) {
  return db
    .selectFrom('register_entry')
    .select(['id', 'subject', 'country', 'valid_from', 'review_by'])
    .where('kind', '=', kind)
    .where('ended_at', 'is', null)
    .orderBy('id')
    .execute();
}

type Code = 'REGISTER_EMPTY' | 'REGISTER_OUT_OF_DATE';
const codes = {
  REGISTER_EMPTY: {
    severity: 'medium' as const,
    wrong: { zh: '登记簿中没有有效条目', en: 'The register has no entry' },
    fix: {
      zh: '登记文件及其摘要（voxkeep registers add）。',
      en: 'Enter the document and its digest (voxkeep registers add).',
    },
  },
  REGISTER_OUT_OF_DATE: {
    severity: 'medium' as const,
    wrong: { zh: '登记条目已过复核日期', en: 'An entry has passed its day of review' },
    fix: {
      zh: '复核后登记新版并结束旧条目。',
      en: 'Review it, enter the new version, and end the old one.',
    },
  },
};
const retest = { zh: '重新读取登记簿。', en: 'The register is read again.' };

/** One at least that is in date, and none that is past its review. */
const inDate = (kind: string, title: Check['title']): Check<Code> =>
  check<Code>({
    ...{ title, retest, codes },
    async run({ db, today }) {
      const rows = await living(db, kind);
      const counting = rows.filter(({ valid_from }) => valid_from <= today);
      const subject = { kind: 'register' as const, id: kind };
      const findings: Found<Code>[] =
        counting.length > 0 ? [] : [{ code: 'REGISTER_EMPTY', subject }];
      return { looked: rows.length, findings: [...findings, ...outOfDate(counting, today)] };
    },
  });

const outOfDate = (rows: readonly { id: string; review_by: string }[], today: string) =>
  rows
    .filter(({ review_by }) => review_by < today)
    .map(({ id }): Found<'REGISTER_OUT_OF_DATE'> => {
      return { code: 'REGISTER_OUT_OF_DATE', subject: { kind: 'register', id } };
    });

/** Personal Information Protection Law, articles 55 and 56. */
export const registersImpact = inDate('impact_assessment', {
  zh: '登记簿：个人信息保护影响评估（个保法第五十五、五十六条）',
  en: 'Register: impact assessments (PIPL 55, 56)',
});
export const registersConsent = inDate('consent_basis', {
  zh: '登记簿：同意与处理依据',
  en: 'Register: bases of consent and processing',
});

type Country = 'COUNTRY_MISSING' | 'COUNTRY_ABROAD' | 'REGISTER_OUT_OF_DATE';
const HOME = 'CN';

/** The country of each site is known, and it is at home unless an assessment of the transfer is on file. */
export const registersSiteCountry = check<Country>({
  title: { zh: '登记簿：各站点所在国家', en: 'Register: the country of each site' },
  retest,
  codes: {
    ...{ REGISTER_OUT_OF_DATE: codes.REGISTER_OUT_OF_DATE },
    COUNTRY_MISSING: {
      severity: 'medium',
      wrong: { zh: '未登记站点所在国家', en: 'The country of a site is not on file' },
      fix: {
        zh: '登记站点所在国家（voxkeep registers add --kind site_country）。',
        en: 'Enter it (voxkeep registers add --kind site_country).',
      },
    },
    COUNTRY_ABROAD: {
      severity: 'high',
      wrong: {
        zh: '站点位于境外，未见该站点的影响评估',
        en: 'A site is abroad, and no impact assessment names it',
      },
      fix: {
        zh: '完成个人信息出境评估并登记，或将站点迁回境内。',
        en: 'Assess the transfer and enter it, or bring the site home.',
      },
    },
  },
  async run({ db, sites, today }) {
    const rows = (await living(db, 'site_country')).filter(({ valid_from }) => valid_from <= today);
    const assessed = (await living(db, 'impact_assessment')).map(({ subject }) => subject);
    const findings = sites.flatMap(({ name: id }): Found<Country>[] => {
      const own = rows.filter(({ subject }) => subject === id);
      const subject = { kind: 'site' as const, id };
      if (own.length === 0) return [{ code: 'COUNTRY_MISSING', subject }];
      const abroad = own.some(({ country }) => country !== HOME) && !assessed.includes(id);
      return abroad ? [{ code: 'COUNTRY_ABROAD', subject }] : [];
    });
    return { looked: sites.length, findings: [...findings, ...outOfDate(rows, today)] };
  },
});

type Processor = 'CONTRACT_MISSING' | 'REGISTER_OUT_OF_DATE';
/** The site of another company. */
const OF_OTHERS = 'cloud';

/** Whoever keeps a copy for the house does so by a contract that is on file (PIPL 21). */
export const registersProcessors = check<Processor>({
  title: {
    zh: '登记簿：受托处理合同（个保法第二十一条）',
    en: 'Register: contracts with processors (PIPL 21)',
  },
  retest,
  codes: {
    ...{ REGISTER_OUT_OF_DATE: codes.REGISTER_OUT_OF_DATE },
    CONTRACT_MISSING: {
      severity: 'medium',
      wrong: {
        zh: '第三方站点没有登记委托处理合同',
        en: 'No contract is on file for the site of another company',
      },
      fix: {
        zh: '登记合同（voxkeep registers add --kind processor_contract）。',
        en: 'Enter it (voxkeep registers add --kind processor_contract).',
      },
    },
  },
  async run({ db, sites, today }: AuditContext) {
    if (sites.length === 0) throw auditError('AUDIT_PRECONDITION', 'there is no site');
    const rows = (await living(db, 'processor_contract')).filter((one) => one.valid_from <= today);
    const others = sites.filter(({ name }) => name === OF_OTHERS);
    const bare = others.filter(({ name }) => !rows.some(({ subject }) => subject === name));
    return {
      looked: others.length,
      findings: [
        ...bare.map(({ name: id }): Found<Processor> => {
          return { code: 'CONTRACT_MISSING', subject: { kind: 'site', id } };
        }),
        ...outOfDate(rows, today),
      ],
    };
  },
});
