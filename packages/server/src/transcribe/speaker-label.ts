import type { Turn } from '../record/transcript.ts';

/** Whose voice a label names, and the channel it is heard on. */
export interface Voice {
  speaker: Turn['speaker'];
  channel: number;
}

/** More channels than any recorder writes; a larger number is not a channel. */
export const MAX_CHANNEL = 31;

const AGENT =
  /^(agent|operator|representative|rep|advisor|staff|客服|客服人员|坐席|座席|话务员|服务人员|接线员)$/i;
const CUSTOMER = /^(customer|caller|client|user|客户|用户|顾客|来电人|来电者|市民|患者)$/i;
const NUMBERED =
  /^(?:speaker|spk|channel|ch|voice|说话人|声道)?[ _-]*(\d{1,2})$|^([A-H])$|^speaker[ _]([A-H])$/i;
const PREFIX = /^\s*[[【]?([^\]】:：[【]{1,20})(?:[\]】]\s*[:：]?|\s*[:：])\s*(?=\S)/u;

/** The voice of a channel number: on a stereo telephone call 0 is the agent, 1 the customer. */
export function voiceOfChannel(channel: number): Voice {
  return { channel, speaker: channel === 0 ? 'agent' : channel === 1 ? 'customer' : 'unknown' };
}

/**
 * The voice that a label such as 'Agent', '客户' or 'SPEAKER_01' names. A numbered label comes
 * from a recogniser that tells voices apart, not from the recorder's channels: its speaker is
 * 'unknown'. Undefined when the label says nothing.
 */
export function voiceOfLabel(label: string | number): Voice | undefined {
  const text = String(label).trim();
  if (AGENT.test(text)) return { speaker: 'agent', channel: 0 };
  if (CUSTOMER.test(text)) return { speaker: 'customer', channel: 1 };
  const match = NUMBERED.exec(text);
  if (match === null) return undefined;
  const letter = match[2] ?? match[3];
  const channel = letter === undefined ? Number(match[1]) : letter.toUpperCase().charCodeAt(0) - 65;
  return channel > MAX_CHANNEL ? undefined : { speaker: 'unknown', channel };
}

/** Takes a speaker prefix ('客服：您好', '[Agent] hello') off a line, when it names a voice. */
export function takePrefix(line: string): { voice: Voice | undefined; text: string } {
  const match = PREFIX.exec(line);
  const voice =
    match?.[1] === undefined || /^\d+$/.test(match[1]) ? undefined : voiceOfLabel(match[1]);
  return match === null || voice === undefined
    ? { voice: undefined, text: line }
    : { voice, text: line.slice(match[0].length) };
}

/** The name under which `renderVtt` writes a voice; `voiceOfLabel` reads it back. */
export function labelOf(turn: Pick<Turn, 'speaker' | 'channel'>): string {
  if (turn.speaker === 'agent') return 'Agent';
  return turn.speaker === 'customer' ? 'Customer' : `Speaker ${turn.channel}`;
}
