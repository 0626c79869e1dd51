import { newRecordId } from '../core/ids.ts';
import { systemRandom } from '../core/random.ts';
import { buildWavHeader } from '../core/sound/wav.ts';
import { indexRecord } from '../index/index.ts';
import { encodeManifest, type Manifest, manifestObject } from '../record/manifest.ts';
import { insertObjects } from '../record/object-rows.ts';
import type { StoredObject } from '../record/vault.ts';
import type { Tier } from '../record/vocabulary.ts';
import type { ServeScene } from './serve-scene.testing.ts';

const RATE = 8000;
const CHANNELS = 2;
/** Of the sound of an archived call below. */
export const BYTES_A_SECOND = RATE * CHANNELS * 2;

/** Of the scenes of the serve room. */
export const INDEX_KEYS = {
  ...{ epoch: 1, phone: Buffer.alloc(32, 4), text: Buffer.alloc(32, 5), account: Buffer.alloc(32) },
};
export const SCREENSHOT = Buffer.from('89504e470d0a1a0a', 'hex');

/** A call as the last step leaves it: rows, sealed objects, and `durationS` of sound that can be told apart. */
export async function archivedCall(
  { intake }: ServeScene,
  call: {
    durationS: number;
    tier?: Tier;
    agentId?: string;
    startedAt?: Date;
    /** Whom it is found by; nobody when nothing is said. */
    customer?: { phone?: string; account?: string };
  },
): Promise<{ id: string; media: Buffer; original: Buffer }> {
  const { vault } = intake;
  const { db } = intake.database;
  const { durationS, tier = 'basic', startedAt = new Date(), agentId = '001' } = call;
  const recordId = newRecordId(intake.clock, systemRandom);
  const frames = durationS * RATE;
  const layout = { codec: 'pcm_s16le', sampleBytes: 2, channels: CHANNELS } as const;
  const sound = Buffer.alloc(frames * CHANNELS * 2);
  for (let at = 0; at + 4 <= sound.length; at += 4) sound.writeUInt32LE(at, at);
  const header = buildWavHeader({ ...layout, sampleRate: RATE, frames });
  const media = Buffer.concat([header, sound]);
  const write = (purpose: StoredObject['purpose'], mediaType: string, bytes: Buffer) =>
    vault.write({ ...{ recordId, purpose, pool: tier, mediaType }, source: pieces(bytes) });
  const transcript = { language: 'zh', source: 'supplied', turns: [turn(durationS)] };
  const original = Buffer.concat([header, Buffer.alloc(sound.length, 7)]);
  const objects = [
    await write('original', 'audio/wav', original),
    await write('screenshot', 'image/png', SCREENSHOT),
    await write('redacted', 'audio/wav', media),
    await write('redacted-transcript', 'application/json', json(transcript)),
    await write(
      'peaks',
      'application/json',
      json({
        stepMs: 100,
        channels: [
          [0, 0],
          [0, 0],
        ],
      }),
    ),
  ];
  const facts = {
    kind: 'audio',
    codec: 'pcm_s16le',
    channels: CHANNELS,
    sampleRate: RATE,
  } as const;
  const issueType = '业务咨询';
  const manifest: Manifest = {
    ...{ format: 'voxkeep/manifest/v1', recordId, version: 1, tier },
    ...{ createdAt: startedAt, receivedAt: startedAt },
    metadata: {
      ...{ sourceSystem: 'test', sourceCallId: recordId, startedAt },
      ...{ direction: 'inbound', channel: 'voice', agent: { id: agentId, name: '王晓燕' } },
      customer: { phone: '13800007315', account: 'KH-20931', name: '林晓', ...call.customer },
      ...{ events: [], ticketIds: ['GD-20251103-0001'], demand: '想问[手机号]的套餐' },
    },
    media: { ...facts, container: 'wav', durationMs: durationS * 1000 },
    rendition: { ...facts, mediaType: 'audio/wav' },
    ...{ findings: [], maskSpans: [] },
    classification: { tier, issueType, reasons: [] },
    retention: {
      ...{ keepUntil: '2030-01-01', rule: 'test', clause: '测试', verified: 'requirement' },
      ...{ openEnded: false, alsoApplied: [] },
    },
    original: { salt: 'c2FsdA==', commitment: '00'.repeat(32) },
    objects: objects.map(manifestObject),
  };
  objects.push(await write('manifest', 'application/json', encodeManifest(manifest)));
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('record')
      .values({
        ...{ id: recordId, state: 'archived', tier, source_system: 'test' },
        ...{ idempotency_key: Buffer.from(recordId), media_digest: Buffer.alloc(32) },
        ...{ media_bytes: media.length, started_at: startedAt, received_at: startedAt },
        ...{ archived_at: startedAt, resume_state: null, reason_code: null, reason: null },
      })
      .execute();
    await insertObjects(tx, objects, startedAt);
    await indexRecord(
      tx,
      {
        ...{ id: recordId, startedAt, durationMs: durationS * 1000, tier, issueType, agentId },
        ...{ legAgentIds: [agentId], channel: 'voice', direction: 'inbound' },
        ...{
          ticketIds: [],
          findingCount: 0,
          texts: ['您好'],
          fields: Buffer.alloc(0),
          teamId: 'a',
          ...call.customer,
        },
      },
      INDEX_KEYS,
    );
  });
  return { id: recordId, media, original };
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));

async function* pieces(bytes: Buffer): AsyncIterable<Uint8Array> {
  yield bytes;
}

const turn = (durationS: number) => ({
  ...{ channel: 0, speaker: 'agent', startMs: 0, endMs: durationS * 1000, text: '您好' },
  words: [{ text: '您好', startMs: 0, endMs: 500 }],
});
