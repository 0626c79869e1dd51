import type { Match } from './scanned-turn.ts';
import { matchAt } from './scanned-turn.ts';
import { SAID_DIGIT, SAID_LETTER, SAID_PAUSE } from './spoken-characters.ts';

const CONTEXT = /护照|通行证|台胞证|回乡证/;
/** By itself: the forms of Chinese passports, E/G + 8, E + letter + 7, and the official kinds. */
const WRITTEN = /(?<![A-Za-z\d])(?:[EGDPSegdps]\d{8}|[Ee][A-Ha-hJ-Nj-nP-Zp-z]\d{7})(?![A-Za-z\d])/g;
const PUBLIC_BEFORE = /(?:单|编|序列|型|批|货|版本|工|流水)号?[^,，。;；]{0,6}$/;
const SAID = new RegExp(
  `(?<![A-Za-z\\d])(?:${SAID_LETTER}${SAID_PAUSE}){0,2}${SAID_DIGIT}(?:${SAID_PAUSE}${SAID_DIGIT}){5,9}`,
  'g',
);
const REACH = 24;

/** Passports and travel permits: by form when written, by context in any form. */
export function findPassports(text: string, turn: number, asked: boolean): Match[] {
  const matches = [...text.matchAll(WRITTEN)]
    .filter((found) => !PUBLIC_BEFORE.test(text.slice(Math.max(0, found.index - 12), found.index)))
    .map((found) => found0(found, turn, 0.85, 'passport:form'));
  if (!asked && !CONTEXT.test(text)) return matches;
  for (const found of text.matchAll(SAID)) {
    const before = text.slice(Math.max(0, found.index - REACH), found.index);
    const after = text.slice(found.index + found[0].length).slice(0, 8);
    if (!asked && !CONTEXT.test(before) && !/^[^,，。]{0,3}(?:护照|通行证)/.test(after)) continue;
    if (/身份|手机|电话|卡号|单号/.test(before.split(/护照|通行证|台胞证|回乡证/).at(-1) ?? ''))
      continue;
    matches.push(found0(found, turn, 0.85, 'passport:context'));
  }
  return matches;
}

/** True when the words ask for a passport and nothing later in them asks for something else. */
export function asksForPassport(text: string): boolean {
  return /(?:护照|通行证|台胞证|回乡证)[^,，。?？]{0,14}[。?？]?$/.test(text);
}

function found0(found: RegExpExecArray, turn: number, confidence: number, evidence: string): Match {
  const piece = { turn, start: found.index, end: found.index + found[0].length };
  return matchAt('passport', piece, confidence, evidence);
}
