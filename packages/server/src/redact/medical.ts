import { MEDICAL_TERMS } from './medical-terms.ts';
import type { Match } from './scanned-turn.ts';
import { matchAt } from './scanned-turn.ts';

const BY_FIRST = new Map<string, string[]>();
for (const term of [...MEDICAL_TERMS].sort((a, b) => b.length - a.length)) {
  const first = term[0] ?? '';
  BY_FIRST.set(first, [...(BY_FIRST.get(first) ?? []), term]);
}
/** 系统瘫痪 is no illness. */
const OF_SYSTEMS = /(?:全部|面积|系统|网络|交通|服务|平台|电力|通信|都|全)$/;
/** Stages, kinds and sides of an illness belong to its name. */
const BEFORE =
  /(?:[一二三12]型|妊娠期?|原发性|继发性|慢性|急性|重度|中度|轻度|晚期|早期|先天性|转移性)$/;
const AFTER = /^(?:晚期|早期|中期|[一二三四]期|\d{0,2}阳性|并发症|后遗症|大三阳|小三阳)/;
/** Kinds of illness by the word that ends them, whatever comes before: 腺癌, 结石, 综合征. */
const BY_ENDING =
  /(?:(?![懒男女尬得患是有了出过])[\u4e00-\u9fff]){0,3}(?:(?<!懒|尴尬|直男|选择|拖延)癌(?!细胞)|肉瘤|囊肿|息肉|结石|溃疡|梗塞|梗死|衰竭|综合征|综合症|骨折|脱臼|积液|增生)(?:[早中晚]期)?|(?<=得了|患了|得|患)癌(?!细胞)/g;
/** 孕十二周, 心脏放了支架. */
const STATES =
  /(?<!怀)孕[0-9一二三四五六七八九十]{1,3}[周个]月?|(?:心脏|血管|冠脉)[放装做搭]了?(?:个|两个|三个)?(?:支架|起搏器|桥)/g;
/** A reading of pressure, sugar or temperature beside its name. */
const READING =
  /(?:空腹血糖|餐后血糖|血压|血糖|心率|血脂|尿酸|体温|胆固醇|白细胞|红细胞|血小板|血红蛋白|转氨酶|肌酐|视力)(?:是|有|高到|到了?|升到|达到|大概|一般|都|在|高|低|[\s,，:：]){0,6}([0-9一二两三四五六七八九十百零]{1,5}(?:点[零一二三四五六七八九]|\.\d+)?(?:[\s/到至比-]+[0-9一二两三四五六七八九十百零]{1,5})?)(?:多|度[0-9一二三四五六七八九半]?)?/g;

/** Illnesses, treatments, medicines, examinations and readings. */
export function findMedical(text: string, turn: number): Match[] {
  const matches: Match[] = [];
  for (let at = 0; at < text.length; at++) {
    const term = BY_FIRST.get(text[at] ?? '')?.find((one) => text.startsWith(one, at));
    if (!term || (term === '瘫痪' && OF_SYSTEMS.test(text.slice(Math.max(0, at - 4), at))))
      continue;
    const start = at - (BEFORE.exec(text.slice(Math.max(0, at - 4), at))?.[0].length ?? 0);
    const after = AFTER.exec(text.slice(at + term.length, at + term.length + 4))?.[0].length ?? 0;
    const end = at + term.length + after;
    matches.push(matchAt('medical', { turn, start, end }, 0.85, 'medical:term'));
    at = end - 1;
  }
  for (const [pattern, how] of [
    [READING, 'reading'],
    [BY_ENDING, 'ending'],
    [STATES, 'state'],
  ] as const) {
    for (const found of text.matchAll(pattern)) {
      const piece = { turn, start: found.index, end: found.index + found[0].length };
      matches.push(matchAt('medical', piece, 0.75, `medical:${how}`));
    }
  }
  return matches;
}
