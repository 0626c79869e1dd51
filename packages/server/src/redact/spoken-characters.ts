/** Pattern sources for codes that are said letter by letter: plates, passports, addresses of mail. */
/** Digits in Chinese characters only: beside figures, so that no character reads in two ways. */
export const SAID_NUMERAL = '[零〇洞幺一二两三四五六七八九拐勾]';
export const SAID_DIGIT = '[0-9零〇洞幺一二两三四五六七八九拐勾]';
export const SAID_LETTER = '[A-Za-z]';
export const SAID_PAUSE = '(?:[\\s,，、。·•.\\-]|杠|空格|嗯|呃|那个|然后)*';
/** A letter with its case, or the word a recogniser writes for its sound: 大写的E, 鸡 for G. */
export const CALLED_LETTER = '(?:(?:(?:大写|小写)的?|字母|英文的?)?(?:[A-Za-z]|[鸡基伊意诶阿]))';
