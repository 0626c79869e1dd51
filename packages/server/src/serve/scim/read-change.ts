import { z } from 'zod';
import { ScimRefused } from './scim-error.ts';

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
/** Some clients send booleans as text. */
const Active = z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })]);
const Patch = z.object({
  schemas: z.array(z.string()).refine((names) => names.includes(PATCH)),
  Operations: z
    .array(z.object({ op: z.string(), path: z.string().optional(), value: z.unknown().optional() }))
    .min(1)
    .max(100),
});

/**
 * Whether a PATCH (RFC 7644, 3.5.2) says that the account is to be active: the last word counts.
 * Throws SCIM_INVALID for anything else that it wants changed: roles, names and passwords are not a
 * personnel system's.
 */
export function activeOfPatch(body: unknown): boolean {
  const parsed = Patch.safeParse(body);
  if (!parsed.success) throw new ScimRefused('invalidSyntax', 'the body is not a PatchOp');
  const wanted = parsed.data.Operations.map(({ op, path, value }) => {
    if (!/^(?:replace|add)$/i.test(op)) {
      throw new ScimRefused('mutability', 'only active may be replaced');
    }
    if (path === undefined) return activeIn(value);
    if (path.toLowerCase() === 'active') return activeValue(value);
    throw new ScimRefused('mutability', 'only active may be changed here');
  });
  return wanted.at(-1) === true;
}

/** The same for a PUT of the whole account; what it says beside `active` changes nothing. */
export function activeOfPut(body: unknown): boolean {
  const whole = z.looseObject({ active: z.unknown() }).safeParse(body);
  if (!whole.success || whole.data.active === undefined) {
    throw new ScimRefused('invalidValue', 'active is missing');
  }
  return activeValue(whole.data.active);
}

function activeIn(value: unknown): boolean {
  const parsed = z.strictObject({ active: z.unknown() }).safeParse(value);
  if (parsed.success && parsed.data.active !== undefined) return activeValue(parsed.data.active);
  throw new ScimRefused('mutability', 'only active may be changed here');
}

function activeValue(value: unknown): boolean {
  const parsed = Active.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ScimRefused('invalidValue', 'active is neither true nor false');
}
