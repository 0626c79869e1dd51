import { createHash } from 'node:crypto';
import { ArchiveError } from '../../core/errors.ts';
import { parseVcon } from './parse-vcon.ts';

export const UUID = '019f155a-5131-80ec-b9a2-279e0d16bc46';
export const SOUND = Buffer.from('RIFF….WAVE');
export const hashOf = (name: string) => createHash(name).update(SOUND).digest('base64url');

export const recording = {
  type: 'recording',
  start: '2026-01-05T09:00:00+08:00',
  duration: 12.345,
  parties: [0, 1],
  mediatype: 'audio/x-wav',
  encoding: 'base64url',
  body: SOUND.toString('base64url'),
};
export const vcon = {
  vcon: '0.4.0',
  uuid: UUID,
  created_at: '2026-01-05T02:00:00Z',
  parties: [
    { tel: 'tel:+8613800138000;ext=1', name: '张三', role: 'customer' },
    { name: '李客服', role: 'agent', uuid: 'agent-001' },
  ],
  dialog: [recording],
  analysis: [] as unknown[],
  attachments: [] as unknown[],
};

export const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));
export const parse = (value: unknown) => parseVcon(bytesOf(value));

export function refusal(bytes: Uint8Array, options?: { maxBytes: number }) {
  try {
    parseVcon(bytes, options);
  } catch (error) {
    if (error instanceof ArchiveError) return { code: error.code, field: error.field };
    throw error;
  }
  throw new Error('was accepted');
}
