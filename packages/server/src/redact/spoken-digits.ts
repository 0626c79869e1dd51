import { isMadeOf } from './made-of.ts';
import type { Digit, NumeralToken } from './numeral-tokens.ts';
import { readNumeralTokens } from './numeral-tokens.ts';
import type { Piece, ScannedTurn } from './scanned-turn.ts';
import { OPAQUE } from './scanned-turn.ts';

/** A digit and the turn it is said in. */
export interface PlacedDigit extends Digit {
  turn: number;
}

/**
 * One number as it is given: digits of one voice, through pauses, fillers and corrections, over as
 * many turns as it takes while nobody says anything else.
 */
export interface DigitRun {
  digits: PlacedDigit[];
  /** The digits as text: '0' … '9' and 'X'. */
  value: string;
  /** Indices of digits before which there was a pause, a filler or a change of turn. */
  boundaries: number[];
  spoken: boolean;
  /** A single number with 十, 百 or 千, such as 三百五十六: a quantity unless the context says more. */
  cardinalOnly: boolean;
}

/** What the other side may say while a number is being given. */
const BACKCHANNEL =
  /[\s,，。、;；:：!！?？…~·.-]|一点儿?|一下|一遍|没问题|没错|不好意思|不对|不是|好的|可以|收到|记下|继续|然后|接着|还有|后面|后边|前面|中间|最后|稍等|重复|谢谢|明白|知道|正确|艾克斯|[嗯呃额啊哦噢唉诶好的对是您你请说讲呢吗吧呀了行记着我慢点儿等再遍听到清没这那个下几位数]|ok|OK|[零〇洞幺一二两三四五六七八九十百千拐勾么\dXx叉]/y;

const LONGEST_GAP = 14;
const LONGEST_RUN = 120;

interface OpenRun {
  tokens: { token: NumeralToken; turn: number; joined: boolean }[];
  gap: number;
}

/** True when the turn only keeps a number going: acknowledgements, fillers, digits. */
export function isBackchannel(text: string): boolean {
  return text.length <= 60 && !text.includes(OPAQUE) && isMadeOf(BACKCHANNEL, text);
}

/** Every number of the conversation, in order of its first digit. */
export function findDigitRuns(turns: readonly ScannedTurn[]): DigitRun[] {
  const open = new Map<string, OpenRun>();
  const runs: DigitRun[] = [];
  const close = (voice: string): void => {
    const run = open.get(voice);
    if (run) runs.push(finishRun(run));
    open.delete(voice);
  };
  turns.forEach((turn, index) => {
    const light = isBackchannel(turn.text);
    for (const voice of [...open.keys()]) if (voice !== turn.voice && !light) close(voice);
    const tokens = readNumeralTokens(turn.text);
    if (light && !tokens.some((token) => token.kind === 'digits')) return;
    extendRuns(turn, index, tokens, open, close);
  });
  for (const voice of [...open.keys()]) close(voice);
  return runs.sort((a, b) => firstPlace(a) - firstPlace(b));
}

function extendRuns(
  turn: ScannedTurn,
  index: number,
  tokens: readonly NumeralToken[],
  open: Map<string, OpenRun>,
  close: (voice: string) => void,
): void {
  let paused = true;
  for (const token of tokens) {
    const run = open.get(turn.voice);
    if (token.kind === 'digits') {
      const joined = !paused;
      if (run && run.gap <= LONGEST_GAP && run.tokens.length < LONGEST_RUN) {
        run.tokens.push({ token, turn: index, joined });
        run.gap = 0;
      } else {
        close(turn.voice);
        open.set(turn.voice, { tokens: [{ token, turn: index, joined: false }], gap: 0 });
      }
      paused = false;
      continue;
    }
    paused = true;
    if (token.kind === 'light' || token.kind === 'correction') {
      if (run) run.gap += token.end - token.start;
    } else close(turn.voice);
  }
}

function finishRun(run: OpenRun): DigitRun {
  const digits: PlacedDigit[] = [];
  const boundaries: number[] = [];
  for (const { token, turn, joined } of run.tokens) {
    // A written figure stands apart from a spoken one as a pause would.
    if (!joined || !token.spoken) boundaries.push(digits.length);
    for (const digit of token.digits) digits.push({ ...digit, turn });
  }
  const only = run.tokens.length === 1 ? run.tokens[0]?.token : undefined;
  return {
    digits,
    value: digits.map((digit) => digit.value).join(''),
    boundaries: [...new Set([...boundaries, digits.length])],
    spoken: run.tokens.some(({ token }) => token.spoken),
    cardinalOnly: only?.cardinal === true,
  };
}

function firstPlace(run: DigitRun): number {
  const first = run.digits[0];
  return first ? first.turn * 1e7 + first.start : 0;
}

/** The characters of digits `from` … `to` (exclusive): one piece for each turn. */
export function piecesOf(run: DigitRun, from = 0, to = run.digits.length): Piece[] {
  const pieces: Piece[] = [];
  for (const digit of run.digits.slice(from, to)) {
    const last = pieces.at(-1);
    if (last?.turn === digit.turn) last.end = Math.max(last.end, digit.end);
    else pieces.push({ turn: digit.turn, start: digit.start, end: digit.end });
  }
  return pieces;
}
