import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../core/canonical-json.ts';
import { checkYaml, describeProblems } from '../core/checked-yaml.ts';
import { ArchiveError } from '../core/errors.ts';

const Sites = z.array(z.string()).max(20);
const Months = z.number().int().min(1).max(1200);
const further = { acknowledged: Sites, realtime: Sites.default([]), daily: Sites.default([]) };
const Eviction = z.strictObject({
  site: z.string(),
  olderThanMonths: Months,
  unusedMonths: Months,
});
/** The site of another company. */
const CLOUD = 'cloud';
const FEWEST = 2;

type Report = (path: (string | number)[], message: string) => void;

function reviewSites(
  lists: Readonly<Record<string, readonly string[]>>,
  known: readonly string[],
  report: Report,
): void {
  if (lists['acknowledged']?.length === 0) {
    report(['acknowledged'], 'names no site: one at least has to have a copy first');
  }
  const seen = new Set<string>();
  for (const [list, sites] of Object.entries(lists)) {
    for (const [at, site] of sites.entries()) {
      if (!known.includes(site)) report([list, at], `there is no site ${site}`);
      if (seen.has(site)) report([list, at], `${site} is there twice`);
      seen.add(site);
    }
  }
}

function reviewEviction(
  { site }: z.infer<typeof Eviction>,
  wanted: readonly string[],
  report: Report,
): void {
  if (!wanted.includes(site)) report(['eviction', 'site'], `no copy is wanted at ${site}`);
  else if (new Set(wanted).size - 1 < FEWEST) {
    report(['eviction', 'site'], `leaves fewer than ${FEWEST} copies`);
  }
}

function schemaFor(known: readonly string[]) {
  const reporter =
    (context: z.RefinementCtx): Report =>
    (path, message) =>
      context.addIssue({ code: 'custom', path, message });
  const pool = z.strictObject(further).superRefine((lists, context) => {
    reviewSites(lists, known, reporter(context));
  });
  const basic = z
    .strictObject({ ...further, eviction: Eviction.optional() })
    .superRefine(({ eviction, ...lists }, context) => {
      const report = reporter(context);
      reviewSites(lists, known, report);
      if (eviction === undefined) return;
      reviewEviction(eviction, Object.values(lists).flat(), report);
    });
  const quarantine = z
    .strictObject({ acknowledged: Sites, cloudAllowed: z.boolean().default(false) })
    .superRefine(({ acknowledged, cloudAllowed }, context) => {
      const report = reporter(context);
      reviewSites({ acknowledged }, known, report);
      const at = acknowledged.indexOf(CLOUD);
      if (at === -1 || cloudAllowed) return;
      const message = 'originals before redaction stay at home, unless cloudAllowed is true';
      report(['acknowledged', at], message);
    });
  const at = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day, "00:00" to "23:59"');
  return z.strictObject({
    version: z.literal(1),
    daily: z.strictObject({ at }),
    pools: z.strictObject({ basic, core: pool, sensitive: pool, quarantine }),
  });
}

/** Where the copies of each pool lie, and when they come there. */
export type PlacementPolicy = z.infer<ReturnType<typeof schemaFor>>;

/**
 * Reads a placement file (docs/operations.md) for an archive with these sites. Throws PLACEMENT_INVALID
 * that names every fault with `sourceName`, line and field.
 */
export function loadPlacement(
  yaml: string,
  sourceName: string,
  sites: readonly string[],
): PlacementPolicy {
  const { value, problems } = checkYaml(yaml, schemaFor(sites));
  if (value !== undefined) return value;
  const field = problems[0]?.field;
  throw new ArchiveError(
    'PLACEMENT_INVALID',
    describeProblems(sourceName, problems),
    field === undefined ? {} : { field },
  );
}

/** The policy as it is kept and compared: canonical JSON and the hex SHA-256 of that. */
export function keptPlacement(policy: PlacementPolicy): { text: string; digest: string } {
  const text = canonicalJson(policy);
  return { text, digest: createHash('sha256').update(text).digest('hex') };
}

/** A policy from where it is kept. */
export const readKeptPlacement = (text: string): PlacementPolicy =>
  JSON.parse(text) as PlacementPolicy;
