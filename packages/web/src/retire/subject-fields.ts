import type { Correction, SubjectKind, SubjectRequestIn } from '@voxkeep/contract';

/** Seven digits or more: a part of a number is no person. */
export const WHOLE_PHONE = /^(?=(?:\D*\d){7})[+\d][\d\s()./-]*$/;

/** What the form holds. */
export interface SubjectFields {
  kind: SubjectKind;
  phone?: string;
  account?: string;
  identity: string;
  note?: string;
  /** 'YYYY-MM-DD' */
  receivedOn: string;
  withMedia?: boolean;
  corrections?: Correction[];
}

/** The request as it is sent: fields left empty are absent, and each kind has only what is its own. */
export function subjectOf(fields: SubjectFields): SubjectRequestIn {
  const { kind, identity, receivedOn, withMedia, corrections } = fields;
  const [phone, account, note] = [fields.phone, fields.account, fields.note].map(
    (text) => text?.trim() ?? '',
  );
  return {
    ...{ kind, receivedOn, identity: identity.trim() },
    ...(phone ? { phone } : {}),
    ...(account ? { account } : {}),
    ...(note ? { note } : {}),
    ...(kind === 'copy' && withMedia === true ? { withMedia } : {}),
    ...(kind === 'correction' && corrections !== undefined
      ? { corrections: corrections.map(trimmed) }
      : {}),
  };
}

const trimmed = ({ recordId, field, value }: Correction): Correction => ({
  ...{ recordId: recordId.trim(), field, value },
});
