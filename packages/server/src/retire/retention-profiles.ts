import { z } from 'zod';
import { checkYaml, describeProblems, type YamlProblem } from '../core/checked-yaml.ts';
import { ArchiveError } from '../core/errors.ts';
import { TIERS } from '../record/vocabulary.ts';

export type RetentionErrorCode = 'RETENTION_PROFILES_INVALID';

/** A refusal of a profiles file that names every line that is wrong. */
export class RetentionProfilesInvalid extends ArchiveError<RetentionErrorCode> {
  readonly problems: readonly YamlProblem[];
  /** The same for a problem document. */
  readonly fields: readonly { field: string; message: string }[];
  constructor(sourceName: string, problems: readonly YamlProblem[]) {
    const field = problems[0]?.field;
    super(
      'RETENTION_PROFILES_INVALID',
      describeProblems(sourceName, problems),
      field === undefined ? {} : { field },
    );
    this.problems = problems;
    this.fields = problems.map((one) => ({
      ...{ field: one.field, message: `line ${one.line}: ${one.message}` },
    }));
  }
}

/** How far a clause was checked. */
const VERIFIED = [
  'read',
  'second-hand',
  'conflicting',
  'unchecked',
  'requirement',
  'product-default',
] as const;

/** Days other than the call's, from which a period may count: the archive has to be told of them. */
export const ANCHORS = [
  'contract_end',
  'relationship_end',
  'transaction_end',
  'product_end',
  'engagement_end',
  'account_closure',
  'dispute_end',
] as const;
export type Anchor = (typeof ANCHORS)[number];

/** What becomes of a record at its end: gone with its row, or a row of statistics that nobody is named in stays. */
export const DISPOSALS = ['delete', 'anonymise'] as const;

const Period = z
  .strictObject({
    years: z.int().min(1).max(100).optional(),
    months: z.int().min(1).max(1200).optional(),
    days: z.int().min(1).max(36_500).optional(),
  })
  .refine((period) => Object.keys(period).length > 0, 'needs years, months or days');

const Disposal = z.strictObject({
  /** How long after the minimum; at once where none is given. */
  after: Period.optional(),
  how: z.enum(DISPOSALS),
});

const Code = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'lower-case letters, digits and _');

const Profile = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,59}$/, 'lower-case letters, digits and -'),
  applies: z
    .strictObject({
      tier: z.array(z.enum(TIERS)).min(1).optional(),
      industry: z.array(Code).min(1).optional(),
      businessType: z.array(Code).min(1).optional(),
      exceptBusinessType: z.array(Code).min(1).optional(),
    })
    .refine(
      ({ tier, industry, businessType }) => (tier ?? industry ?? businessType) !== undefined,
      'needs tier, industry or businessType',
    ),
  keep: Period,
  atMost: Period.optional(),
  from: z.enum(['call', ...ANCHORS]).default('call'),
  /** Applies only once its day was told; until then it keeps nothing open. */
  whenTold: z.boolean().default(false),
  clause: z.string().min(4).max(500),
  verified: z.enum(VERIFIED),
  /** Where the clause can be read. */
  source: z.string().min(4).max(500).optional(),
  /** The day by which somebody has to read it again. */
  reviewBy: z.iso.date().optional(),
  note: z.string().min(2).max(1000).optional(),
  disposal: Disposal.optional(),
});

const Needed = z.strictObject({ days: z.int().min(0).max(3650) });

/** How long an original that has to go is needed before, from when its record was archived. */
const Originals = z.strictObject({
  /** VOXKEEP_SENSITIVE_ORIGINAL_DAYS where none is given. */
  default: Needed.optional(),
  byBusinessType: z.record(Code, Needed).optional(),
  /** The longest that two approvers may grant. */
  atMost: Needed.default({ days: 365 }),
});

const ProfilesFile = z.strictObject({
  version: z.literal(1),
  originals: Originals.optional(),
  disposal: Disposal.default({ how: 'delete' }),
  profiles: z.array(Profile).min(1),
});

export type Profiles = Readonly<z.infer<typeof ProfilesFile>>;
export type RetentionProfile = z.infer<typeof Profile>;

/**
 * Reads a retention file (docs/retention.md). Rejects with RETENTION_PROFILES_INVALID, which lists
 * every problem with line and field: also a tier that has no profile of its own counting from the
 * call, since every record must have an end, and a day to be told of that nobody could tell.
 */
export function loadProfiles(yamlText: string, sourceName = 'retention.yaml'): Profiles {
  const { value, problems } = checkYaml(yamlText, ProfilesFile, ({ profiles }) => {
    const seen = new Set<string>();
    const twice = profiles.flatMap(({ id }, at) => {
      const known = seen.has(id);
      seen.add(id);
      return known ? [{ path: ['profiles', at, 'id'], message: 'is used twice' }] : [];
    });
    const untold = profiles.flatMap(({ from, whenTold }, at) =>
      whenTold && from === 'call'
        ? [{ path: ['profiles', at, 'whenTold'], message: 'needs a day to be told: `from`' }]
        : [],
    );
    const missing = TIERS.filter((tier) => !profiles.some((profile) => covers(profile, tier)));
    return [
      ...twice,
      ...untold,
      ...missing.map((tier) => ({
        path: ['profiles'],
        message: `has no profile for every call of tier ${tier}`,
      })),
    ];
  });
  if (value === undefined) throw new RetentionProfilesInvalid(sourceName, problems);
  return value;
}

function covers({ applies, from }: RetentionProfile, tier: (typeof TIERS)[number]): boolean {
  const { tier: tiers, ...narrower } = applies;
  const narrowed = Object.values(narrower).some((one) => one !== undefined);
  return from === 'call' && !narrowed && (tiers ?? []).includes(tier);
}
