import { z } from 'zod';

/** RFC 9457 problem details, as every refusal and every failure of the API looks. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    /** Closed, stable code for programs. */
    code: z.string(),
    /** What to mend in the request: 'metadata/startedAt', 'query/from'. */
    field: z.string().optional(),
    /** Further fields, when several are wrong at once. */
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    /** For refusals: the policy rule that refused, and the role to ask. */
    rule: z.string().optional(),
    askWhom: z.string().optional(),
    /** Of a restricted record: the first day on which it may go by rules, and the profile that says so. */
    keepUntil: z.string().optional(),
    keptBy: z.string().optional(),
    requestId: z.string(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;
