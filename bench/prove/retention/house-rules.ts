import type { NaiveProfile, NaiveRules } from '../../../test/retention/naive-model.ts';
import type { Seeded } from '../access/random.ts';

/** Rules of every kind that the page knows: each anchor, a maximum, an exception, days, months and years. */
export const FIRST_RULES: NaiveRules = {
  profiles: [
    {
      id: 'tier-basic',
      applies: { tier: ['basic'] },
      keep: { years: 1 },
      atMost: { years: 3 },
    },
    { id: 'tier-core', applies: { tier: ['core'] }, keep: { years: 5 } },
    {
      id: 'tier-sensitive',
      applies: { tier: ['sensitive'] },
      keep: { years: 3 },
      atMost: { years: 6, months: 6 },
    },
    { id: 'telecom', applies: { industry: ['telecom'] }, keep: { years: 1 } },
    { id: 'finance', applies: { industry: ['finance'] }, keep: { years: 5 } },
    {
      id: 'securities',
      applies: { industry: ['securities'], exceptBusinessType: ['securities_service'] },
      keep: { years: 8 },
    },
    {
      id: 'insurance',
      applies: { industry: ['insurance'], exceptBusinessType: ['insurance_short'] },
      keep: { years: 6 },
      from: 'contract_end',
    },
    {
      id: 'insurance-short',
      applies: { businessType: ['insurance_short'] },
      keep: { years: 2 },
      from: 'contract_end',
    },
    {
      id: 'platform',
      applies: { businessType: ['platform_transaction'] },
      keep: { years: 3 },
      from: 'transaction_end',
    },
    {
      id: 'identity',
      applies: { businessType: ['aml_identity'] },
      keep: { years: 4 },
      from: 'relationship_end',
    },
    {
      id: 'wealth',
      applies: { businessType: ['wealth_dual_recording'], tier: ['core', 'sensitive'] },
      keep: { months: 6 },
      from: 'product_end',
    },
    {
      id: 'membership',
      applies: { businessType: ['account_membership'] },
      keep: { days: 45 },
      from: 'account_closure',
    },
    {
      id: 'complaints',
      applies: { businessType: ['complaint'] },
      keep: { years: 2 },
      from: 'dispute_end',
    },
    {
      id: 'dispute',
      applies: { tier: ['core', 'sensitive'], exceptBusinessType: ['complaint'] },
      keep: { years: 1, months: 6 },
      from: 'dispute_end',
      whenTold: true,
    },
    {
      id: 'outbound',
      applies: { businessType: ['outbound_call_centre'] },
      keep: { days: 400 },
      atMost: { months: 20 },
      disposal: { after: { days: 10 } },
    },
  ],
  after: { months: 3 },
};

/** Another length for one profile, its maximum, or the house's own policy. */
export function changedRules(rules: NaiveRules, random: Seeded): NaiveRules {
  for (;;) {
    const changed = perhapsChanged(rules, random);
    if (yamlOf(changed) !== yamlOf(rules)) return changed;
  }
}

function perhapsChanged(rules: NaiveRules, random: Seeded): NaiveRules {
  if (random.chance(0.2)) {
    return {
      ...rules,
      after: random.pick([{ days: 1 }, { months: 1 }, { months: 6 }, { years: 1 }]),
    };
  }
  const chosen = random.below(rules.profiles.length);
  const changed = (profile: NaiveProfile): NaiveProfile => {
    if (profile.atMost !== undefined && random.chance(0.4)) {
      return { ...profile, atMost: { years: 2 + random.below(6), days: 1 + random.below(90) } };
    }
    const keep = random.pick([
      ...[{ days: 20 + random.below(500) }, { months: 3 + random.below(40) }],
      ...[{ years: 1 + random.below(6) }, { years: 1 + random.below(3), months: 7, days: 3 }],
    ]);
    return { ...profile, keep };
  };
  return {
    ...rules,
    profiles: rules.profiles.map((profile, at) => (at === chosen ? changed(profile) : profile)),
  };
}

/** As the archive takes it: YAML that is JSON too. */
export function yamlOf({ profiles, after }: NaiveRules): string {
  return JSON.stringify(
    {
      version: 1,
      ...(after === undefined ? {} : { disposal: { after, how: 'delete' } }),
      profiles: profiles.map((profile) => ({
        ...profile,
        ...(profile.disposal === undefined
          ? {}
          : { disposal: { ...profile.disposal, how: 'delete' } }),
        clause: '为演练而设的规则',
        verified: 'product-default',
      })),
    },
    null,
    2,
  );
}
