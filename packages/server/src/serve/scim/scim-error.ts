import { ArchiveError } from '../../core/errors.ts';
import { problemOf } from '../problem.ts';

/** `scimType` of RFC 7644, table 9, of those that come up here. */
export type ScimType =
  | 'invalidFilter'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'invalidValue'
  | 'mutability';

/** A request that SCIM has a word of its own for; always 400. */
export class ScimRefused extends ArchiveError<'SCIM_INVALID'> {
  readonly scimType: ScimType;
  constructor(scimType: ScimType, message: string) {
    super('SCIM_INVALID', message);
    this.scimType = scimType;
  }
}

/** Any error as RFC 7644, 3.12, wants it. */
export function scimErrorOf(
  error: unknown,
  requestId: string,
  extraStatus: Record<string, number>,
): { status: number; body: object } {
  const { status, detail } = problemOf(error, requestId, extraStatus);
  const scimType = error instanceof ScimRefused ? { scimType: error.scimType } : {};
  return {
    status,
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      ...{ status: String(status), ...scimType, detail },
    },
  };
}
