/**
 * Characters that a recogniser writes for a digit, because they sound like it. By themselves they
 * are words; in a row of digits they are digits.
 */
const SOUNDS: Readonly<Record<string, string>> = {
  零: '林领玲灵令铃凌邻欧',
  幺: '伊依医要妖腰么邀夭',
  二: '而儿耳尔饵',
  三: '山伞散衫参',
  四: '寺死市似丝思',
  五: '武舞午误屋吴',
  六: '溜流刘柳留',
  七: '期其妻齐旗拐',
  八: '巴爸把扒',
  九: '酒久救旧勾狗钩',
};
const DIGIT_OF = new Map(
  Object.entries(SOUNDS).flatMap(([digit, chars]) => [...chars].map((char) => [char, digit])),
);
/** Words that stand before or after a number more often than they are misheard there. */
const WORDS_BESIDE = /[要而儿死市似思午误无期其齐把久么]/;
const DIGITS = '0-9零〇○洞幺一壹二贰两俩三叁四肆五伍六陆七柒八捌九玖';
const ROW = new RegExp(`[${DIGITS}${[...DIGIT_OF.keys()].join('')}oO]{4,}`, 'g');
const REAL = new RegExp(`[${DIGITS}]`);
/** How long a telephone number, an ID and a card number are. */
const WHOLE_LENGTHS = new Set([11, 15, 16, 18, 19]);
const LEAST_REAL = 3;
const LEAST_REAL_BESIDE_EDGE = 5;

/**
 * Puts digits for what sounds like them inside rows of digits, character for character: 一三巴零零
 * becomes 一三八零零, 酒店 and 三期 stay. More real digits than heard ones make a row; at its ends a
 * character counts only where it makes a number whole or is no word that stands there by itself.
 */
export function hearDigits(text: string): string {
  return text.replace(ROW, (row, at: number) => {
    const chars = [...row];
    const real = chars.map((char) => REAL.test(char));
    const reals = real.filter(Boolean).length;
    if (reals < LEAST_REAL || reals < chars.length - reals) return row;
    const isLatinBeside = /[a-zA-Z]/.test(`${text[at - 1] ?? ''}${text[at + row.length] ?? ''}`);
    let first = real.indexOf(true);
    let last = real.lastIndexOf(true);
    const endsInX = /^[xX叉艾大]/.test(text.slice(at + row.length));
    if (WHOLE_LENGTHS.has(chars.length + (endsInX ? 1 : 0))) {
      first = 0;
      last = chars.length - 1;
    } else if (reals >= LEAST_REAL_BESIDE_EDGE && !WHOLE_LENGTHS.has(last - first + 1)) {
      if (first > 0 && !WORDS_BESIDE.test(chars[first - 1] ?? '')) first--;
      if (last < chars.length - 1 && !WORDS_BESIDE.test(chars[last + 1] ?? '')) last++;
    }
    return chars
      .map((char, index) => {
        if (index < first || index > last) return char;
        if (/[oO]/.test(char)) return isLatinBeside ? char : '0';
        return DIGIT_OF.get(char) ?? char;
      })
      .join('');
  });
}
