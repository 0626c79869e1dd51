/** Pattern sources for codes that are said letter by letter: plates, passports, addresses of mail. */
export const SAID_DIGIT = '[0-9零〇洞幺一二两三四五六七八九拐勾]';
export const SAID_LETTER = '[A-Za-z]';
export const SAID_PAUSE = '(?:[\\s,，、。·•.\\-]|杠|空格|嗯|呃|那个|然后)*';
