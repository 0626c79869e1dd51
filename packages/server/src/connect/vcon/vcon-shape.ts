import { z } from 'zod';
import { vconError } from './vcon-error.ts';

const Index = z.int().min(0);
const Indices = z.union([Index, z.array(Index)]);
const text = (max: number) => z.string().max(max).nullish();

/** A file inside the vCon, with the names of the drafts before core-0.4.0 beside today's. */
const content = {
  mediatype: text(255),
  mimetype: text(255),
  filename: text(1000),
  encoding: z.enum(['base64url', 'base64', 'json', 'none']).nullish(),
  body: z.unknown().optional(),
  url: text(10_000),
  content_hash: z.union([z.string().max(1000), z.array(z.string().max(1000)).max(20)]).nullish(),
  alg: text(40),
  signature: text(1000),
};
export type Content = {
  [Name in keyof typeof content]?: z.infer<(typeof content)[Name]> | undefined;
};

const Party = z.object({
  tel: text(200),
  name: text(200),
  role: text(100),
  uuid: text(200),
});
export type Party = z.infer<typeof Party>;

const Moment = z.union([z.string().max(60), z.number()]);

const Dialog = z.object({
  ...content,
  type: z.string().max(40),
  start: Moment,
  duration: z.number().min(0).max(86_400).nullish(),
  parties: z.union([Index, z.array(z.union([Index, z.array(Index), z.null()]))]).nullish(),
  originator: Index.nullish(),
  party_history: z
    .array(z.object({ party: Index, time: Moment, event: z.string().max(40) }))
    .max(1000)
    .nullish(),
  skill: text(200),
});
export type Dialog = z.infer<typeof Dialog>;

const Analysis = z.object({ ...content, type: z.string().max(200), dialog: Indices.nullish() });
const Attachment = z.object({
  ...content,
  type: text(200),
  purpose: text(200),
  dialog: Indices.nullish(),
});

const Vcon = z.object({
  vcon: text(20),
  uuid: z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'is not a UUID'),
  subject: text(10_000),
  critical: z.array(z.string()).nullish(),
  must_support: z.array(z.string()).nullish(),
  parties: z.array(Party).max(1000).default([]),
  dialog: z.array(Dialog).max(10_000).default([]),
  analysis: z.array(Analysis).max(10_000).default([]),
  attachments: z.array(Attachment).max(10_000).default([]),
});
export type Vcon = z.infer<typeof Vcon>;

/** Extensions that may be declared critical, since what they add is either used or harmless. */
const UNDERSTOOD = ['cc', 'wtf', 'wtf_transcription'];

/** The unsigned form, checked. Rejects with VCON_INVALID and the path of the field. */
export function checkShape(value: unknown): Vcon {
  const parsed = Vcon.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw vconError('VCON_INVALID', issue?.message ?? 'is not valid', issue?.path.join('/'));
  }
  const vcon = parsed.data;
  for (const name of ['critical', 'must_support'] as const) {
    vcon[name]?.forEach((extension, at) => {
      if (UNDERSTOOD.includes(extension.toLowerCase())) return;
      throw vconError(
        'VCON_INVALID',
        'is an extension that is not understood here',
        `${name}/${at}`,
      );
    });
  }
  vcon.dialog.forEach((dialog, at) => {
    const moments = dialog.party_history?.map(({ party }) => party) ?? [];
    for (const party of [...partiesOf(dialog), ...moments]) {
      if (party < vcon.parties.length) continue;
      throw vconError('VCON_INVALID', 'names a party that is not there', `dialog/${at}/parties`);
    }
  });
  return vcon;
}

/** The parties of a dialog, the originator first. */
export function partiesOf({ parties, originator }: Dialog): number[] {
  const listed = [parties ?? []].flat(2).filter((one) => one !== null);
  return [...new Set([...(typeof originator === 'number' ? [originator] : []), ...listed])];
}

/** A time with its zone (RFC 3339), or seconds since 1970 as old drafts had it. */
export function momentOf(value: string | number, field: string): Date {
  const zoned = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)$/;
  const known = typeof value === 'number' || zoned.test(value);
  const at = new Date(typeof value === 'number' ? value * 1000 : value.replace(' ', 'T'));
  if (known && !Number.isNaN(at.getTime())) return at;
  throw vconError('VCON_INVALID', 'is not a time with its zone (RFC 3339)', field);
}
