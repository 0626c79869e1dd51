import type { Match } from './scanned-turn.ts';
import { matchAt } from './scanned-turn.ts';
import { CALLED_LETTER, SAID_DIGIT, SAID_LETTER, SAID_PAUSE } from './spoken-characters.ts';

const CONTEXT = /护照|通行证|台胞证|回乡证|居留证|香港身份证|passport/i;
/** 军字第2001988号, 南字第零三四五六七八号. */
const SERVICE_PAPER = new RegExp(
  `(?<![\\u4e00-\\u9fff])(?:(?:我的?)?(?:军官|士兵|文职|警官)证(?:件)?的?(?:号码?)?(?:[\\s,，:：]|是|为){0,3})?([\\u4e00-\\u9fff]字第?\\s?${SAID_DIGIT}{5,9}号?)`,
  'g',
);
/** By itself: the forms of Chinese passports, E/G + 8, E + letter + 7, and the official kinds. */
const WRITTEN = /(?<![A-Za-z\d])(?:[EGDPSegdps]\d{8}|[Ee][A-Ha-hJ-Nj-nP-Zp-z]\d{7})(?![A-Za-z\d])/g;
const PUBLIC_BEFORE = /(?:单|编|序列|型|批|货|版本|工|流水)号?[^,，。;；]{0,6}$/;
const SAID = new RegExp(
  `(?<![A-Za-z\\d])(?:${CALLED_LETTER}${SAID_PAUSE}|${SAID_LETTER}{3}){0,2}${SAID_DIGIT}(?:${SAID_PAUSE}${SAID_DIGIT}){5,11}(?:\\s?\\(${SAID_DIGIT}\\))?`,
  'g',
);
const REACH = 24;

/** Passports and travel permits: by form when written, by context in any form. */
export function findPassports(text: string, turn: number, asked: boolean): Match[] {
  const matches = [...text.matchAll(WRITTEN)]
    .filter((found) => !PUBLIC_BEFORE.test(text.slice(Math.max(0, found.index - 12), found.index)))
    .map((found) => found0(found, turn, 0.85, 'passport:form'));
  for (const found of text.matchAll(SERVICE_PAPER)) {
    const end = found.index + found[0].length;
    const start = end - (found[1] ?? '').length;
    matches.push(matchAt('passport', { turn, start, end }, 0.8, 'passport:service-paper'));
  }
  if (!asked && !CONTEXT.test(text)) return matches;
  for (const found of text.matchAll(SAID)) {
    const before = text.slice(Math.max(0, found.index - REACH), found.index);
    const after = text.slice(found.index + found[0].length).slice(0, 8);
    if (!asked && !CONTEXT.test(before) && !/^[^,，。]{0,3}(?:护照|通行证)/.test(after)) continue;
    if (
      /身份|手机|电话|卡号|单号/.test(
        before.split(/护照|通行证|台胞证|回乡证|香港身份证/).at(-1) ?? '',
      )
    )
      continue;
    matches.push(found0(found, turn, 0.85, 'passport:context'));
  }
  return matches;
}

/** True when the words ask for a passport and nothing later in them asks for something else. */
export function asksForPassport(text: string): boolean {
  return /(?:护照|通行证|台胞证|回乡证|passport)[^,，。?？]{0,14}[。?？]?$/.test(text);
}

function found0(found: RegExpExecArray, turn: number, confidence: number, evidence: string): Match {
  const piece = { turn, start: found.index, end: found.index + found[0].length };
  return matchAt('passport', piece, confidence, evidence);
}
