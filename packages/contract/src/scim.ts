import { z } from 'zod';
import { Id, Instant } from './vocabulary.ts';

/** SCIM 2.0 (RFC 7643, 7644) as far as it is served below /scim/v2. */
export const ScimQuery = z.object({
  filter: z.string().optional(),
  startIndex: z.string().optional(),
  count: z.string().optional(),
});
export const ScimPatch = z.object({
  schemas: z.array(z.string()),
  Operations: z.array(
    z.object({ op: z.string(), path: z.string().optional(), value: z.unknown() }),
  ),
});
export const ScimUserIn = z.looseObject({ active: z.boolean() });
export const ScimUser = z
  .object({
    schemas: z.array(z.string()),
    id: Id,
    userName: z.string(),
    displayName: z.string(),
    active: z.boolean(),
    meta: z.object({ resourceType: z.string(), created: Instant, location: z.string() }),
  })
  .meta({ id: 'ScimUser' });
export const ScimList = z.object({
  schemas: z.array(z.string()),
  totalResults: z.int(),
  startIndex: z.int(),
  itemsPerPage: z.int(),
  Resources: z.array(ScimUser),
});
