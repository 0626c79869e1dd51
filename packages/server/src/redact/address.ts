import type { Match } from './scanned-turn.ts';
import { matchAt } from './scanned-turn.ts';

type PartKind = 'admin' | 'road' | 'community' | 'unit' | 'strong-unit' | 'room';
interface Part {
  kind: PartKind;
  end: number;
}

/** A character of a place name. Words that introduce a place are none. */
const P = [
  '(?:呼和浩特|家(?=[村庄屯湾沟坝店坡寨桥岭港口界])|和(?=[平田县静政顺林谐])|[颐永祥雍义人泰太大]和|都(?=[市江匀昌寨])',
  '开元|会(?=[展稽宁东])|于(?=[洪都田])|来(?=[安宾凤])|[月湖新望明满]月|月(?=[湖牙亮])',
  '(?<![籍在住的产])地|(?![我你您他她它们的在住到是去从给寄送这那有说请问址了吗呢啊吧呀嗯哦个也都要想把被对让能会没不离往发放搬跟和就叫家位于为条号元月籍地])[\\u4e00-\\u9fff])',
].join('|');
const NUMERAL = '[甲乙]?[0-9零〇一二两三四五六七八九十百千幺]{1,8}';
const NAME = `(?:${NUMERAL}(?:-${NUMERAL}){0,3}|[A-Za-z](?:${NUMERAL})?)`;
const UNIT = new RegExp(
  `第?${NAME}\\s?(?:(号楼|栋|幢|座|单元)|[期区](?=[A-Za-z0-9一二三四五六七八九十])|号院|号|塔|层|楼|室|房|户|门(?!锁|口|铃)|弄|组|队|院)(?!线|码|称|角)`,
  'y',
);
const ROOM =
  /\d{1,3}(?:-\d{1,4}){1,3}(?!\d)|[0-9零〇幺一二三四五六七八九]{3,4}(?![0-9零〇幺一二三四五六七八九元块个万])/y;
const NEXT_IS_UNIT = `(?=[,，、\\s]{0,3}${NAME}\\s?(?:号楼|号|栋|幢|座|塔|单元|室|[期区](?=[A-Za-z0-9一二三四五六七八九十])))`;
const PLACE = new RegExp(
  `${P}{1,8}?(?:((?:小区|家园|花园|新村|苑)[东南西北中]区|小区|宿舍|家属院|写字楼|商务楼|花园|花苑|家园|公寓|新村|大厦|广场|公馆|山庄|大院|名苑|豪庭|雅苑|佳苑|嘉园|名邸|华庭|华府|(?:国际|中心|(?:[苑园庭府湾郡城村里邸居轩阁]|[一二三四五六七八九十\\d]区))${NEXT_IS_UNIT})|(省|自治区|自治州|街道|社区|开发区|科技城|市|区|县|旗|镇|乡|村|屯)|((?:大道|大街|(?<![线电道思网套铁回退出走迷上半问顺短断两])路|街|巷|胡同|弄)(?:[东南西北中](?!门)[路段街]?|[一二三四]段)?))`,
  'y',
);
const GAP = /[,，、\s]{0,3}/y;
const MOST_PARTS = 16;

const NAMED =
  /(?:(?:地址|住址|住所|户籍(?:地|所在地)?|所在地)(?:就|应该)?(?:是|在|为|填|写|呢|[:：,，\s]){0,4}|(?:家住|住在|寄到|送到|寄往|送往|搬到|快递到|快递寄|上门到|师傅到|现住|家在|收货|寄|家是|我住|住)[:：,，\s]{0,3})(?:我家|我们家|我|嗯|呃|那个|[,，\s]){0,6}/g;
/** A whole answer to the name of a housing estate. */
const ESTATE_ANSWER =
  /^(?:[\s,，]|嗯|呃|好的?|那个|是|叫|在|住){0,6}([\u4e00-\u9fff]{3,10})(?=$|[,，。])/;
const ASKS_ESTATE = /(?:哪个小区|小区是哪|小区名|小区叫什么)[^。]{0,14}$/;
const ANSWER_LEAD =
  /^(?:[\s,，]|嗯|呃|好的|好|那个|是|在|我家|我住|我|住|就|您记一下|你记一下){0,12}/;
const HINT = /[省市区县镇乡村路街巷弄栋幢座楼室苑园庭府湾郡城厦场寓馆庄院道]|胡同|单元|小区/;
const PLACE_START = /[0-9A-Za-z\u4e00-\u9fff]/;

/** Addresses of people, down to the house; a city or a district alone is none. */
export function findAddresses(text: string, turn: number, asked: boolean, question = ''): Match[] {
  const matches: Match[] = [];
  const estate = ASKS_ESTATE.test(question) ? ESTATE_ANSWER.exec(text) : null;
  if (estate) {
    const end = estate[0].length;
    const start = end - (estate[1] ?? '').length;
    matches.push(matchAt('address', { turn, start, end }, 0.6, 'address:estate'));
  }
  if (asked) {
    const at = ANSWER_LEAD.exec(text)?.[0].length ?? 0;
    const parts = readParts(text, at);
    const end = parts.at(-1)?.end ?? 0;
    if (end > at && !isOnlyLarge(parts)) {
      matches.push(matchAt('address', { turn, start: at, end }, 0.8, 'address:asked'));
    }
  }
  if (!HINT.test(text)) return matches;
  for (let at = 0; at < text.length; at++) {
    if (!PLACE_START.test(text[at] ?? '')) continue;
    const parts = readParts(text, at);
    if (!isAddressByForm(parts)) continue;
    const end = parts.at(-1)?.end ?? at + 1;
    matches.push(matchAt('address', { turn, start: at, end }, 0.85, 'address:form'));
    at = end - 1;
  }
  for (const found of text.matchAll(NAMED)) {
    const start = found.index + found[0].length;
    const parts = readParts(text, start);
    const end = parts.at(-1)?.end ?? 0;
    if (end <= start || isOnlyLarge(parts) || parts[0]?.kind === 'room') continue;
    matches.push(matchAt('address', { turn, start, end }, 0.8, 'address:named'));
  }
  return matches;
}

/** Reads place names and numbers from one position, each from the nearest word that ends it. */
function readParts(text: string, start: number): Part[] {
  const parts: Part[] = [];
  let at = start;
  while (parts.length < MOST_PARTS) {
    GAP.lastIndex = at;
    const from = parts.length === 0 ? at : at + (GAP.exec(text)?.[0].length ?? 0);
    const part = readUnit(text, from) ?? readPlace(text, from, parts);
    if (!part) break;
    parts.push(part);
    at = part.end;
    if (part.kind === 'room') break;
  }
  return parts;
}

function readUnit(text: string, from: number): Part | undefined {
  UNIT.lastIndex = from;
  const unit = UNIT.exec(text);
  if (unit) return { kind: unit[1] ? 'strong-unit' : 'unit', end: from + unit[0].length };
  ROOM.lastIndex = from;
  const room = ROOM.exec(text);
  return room ? { kind: 'room', end: from + room[0].length } : undefined;
}

/** After numbers only a building may follow, and only on a road: 文三路478号华星大厦. */
function readPlace(text: string, from: number, before: readonly Part[]): Part | undefined {
  PLACE.lastIndex = from;
  const found = PLACE.exec(text);
  if (!found) return undefined;
  const kind = found[1] ? 'community' : found[2] ? 'admin' : 'road';
  const hasNumbers = before.some((part) => part.kind === 'unit' || part.kind === 'strong-unit');
  const hasRoad = before.some((part) => part.kind === 'road');
  if (hasNumbers && !(hasRoad && kind === 'community')) return undefined;
  return { kind, end: from + found[0].length };
}

/** A road or an estate with its numbers, two levels of numbers, or places within places. */
function isAddressByForm(parts: readonly Part[]): boolean {
  const kinds = parts.map((part) => part.kind);
  const isNumber = (kind: PartKind | undefined) => kind === 'unit' || kind === 'strong-unit';
  const hasNumberedPlace = kinds.some(
    (kind, at) => (kind === 'road' || kind === 'community') && isNumber(kinds[at + 1]),
  );
  if (hasNumberedPlace) return true;
  if (kinds[0] === 'strong-unit' && kinds.length >= 2) return true;
  const levels = kinds.filter((kind) => kind === 'admin').length;
  return levels >= 3 || (levels >= 2 && kinds.some((one) => one === 'road' || one === 'community'));
}

/** A city or district says no more than a dialling code does; a bare unit says nothing. */
function isOnlyLarge(parts: readonly Part[]): boolean {
  return parts.length === 1 && parts[0]?.kind === 'admin';
}

/** True when the turn is nothing but a part of an address, as it is given over several turns. */
export function isAddressPart(text: string): boolean {
  const at = ANSWER_LEAD.exec(text)?.[0].length ?? 0;
  const end = readParts(text, at).at(-1)?.end ?? 0;
  return end > at && /^[\s,，。吧啊的]*$/.test(text.slice(end));
}

/** True when the words ask where somebody lives or where something goes. */
export function asksForAddress(text: string): boolean {
  return /(?:地址|住址|住在哪|住哪|门牌|哪个小区|小区是哪|小区名|房号|房间号|门牌号|几单元|几幢|几栋|几号楼|家在哪|寄到哪|送到哪|门牌|什么位置|几室|哪一室|几楼几|小区叫什么)[^。]{0,14}$/.test(
    text,
  );
}
