/** The words that numbers are said with, as patterns for reading from one position. */

export const DIGIT_OF: Readonly<Record<string, string>> = {
  ...{ 零: '0', 〇: '0', 洞: '0', '○': '0', 幺: '1', 一: '1', 壹: '1', 二: '2', 两: '2', 贰: '2' },
  ...{ 三: '3', 叁: '3', 四: '4', 肆: '4', 五: '5', 伍: '5', 六: '6', 陆: '6', 七: '7', 柒: '7' },
  ...{ 八: '8', 捌: '8', 九: '9', 玖: '9', 俩: '2', 仨: '3' },
};
/** Digits of radio speech that are ordinary characters elsewhere: read as digits beside digits. */
export const RADIO_DIGIT_OF: Readonly<Record<string, string>> = {
  么: '1',
  拐: '7',
  勾: '9',
  腰: '1',
};

const D = '[一二两三四五六七八九幺]';
export const CARDINAL = new RegExp(
  `(?:${D}千(?:零?${D}百)?(?:零?${D}?十)?(?:零?${D})?|${D}百(?:零?${D}?十)?(?:零?${D})?|${D}?十${D}?)`,
  'y',
);
export const REPEATED =
  /([一二两三四五六七八九2-9])个([零〇洞幺一二两三四五六七八九0-9])(?![十百千万元块个月星小])/y;
export const DOUBLED =
  /(双|两?连|double\s+|triple\s+)([零〇洞幺一二两三四五六七八九0-9]|zero|one|two|three|four|five|six|seven|eight|nine|o)(?![a-z])/iy;

/** Dates, clock times, decimals, versions and amounts in figures. */
export const WRITTEN_QUANTITY = [
  /(?:19|20)\d{2}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}(?!\d)日?/y,
  /\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?!\d)/y,
  /[￥¥$]\s?\d[\d,.]*/y,
  /\d{1,3}(?:,\d{3})+(?:\.\d+)?(?=\s*[元块万亿])/y,
  /\d+(?:\.\d+)+(?!\d)/y,
];
/** A long number with a point after each digit or group: 138.0013.8000, 1.3.8.0.0. … */
export const DOTTED_DIGITS = /^(?:\d{3}\.\d{4}\.\d{4}|(?:\d\.){9,}\d)$/;
export const DATE = /^(?:19|20)\d{2}[-/.年]/;

export const ENGLISH_DIGIT_OF: Readonly<Record<string, string>> = {
  ...{ zero: '0', oh: '0', o: '0', one: '1', two: '2', three: '3', four: '4', five: '5' },
  ...{ six: '6', seven: '7', eight: '8', nine: '9' },
};
export const ENGLISH_DIGIT =
  /(?<![a-z])(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)(?![a-z])/iy;
/** The X that ends a resident ID. */
export const CHECK_X =
  /(?:大写的?|字母|英文的?|大)?(?:[xX×](?![a-zA-Z])|叉|艾克斯|爱克斯|埃克斯|艾克死)/y;

export const SPOKEN_QUANTITY =
  /第[零一二两三四五六七八九十百\d]+|(?:星期|礼拜|周)[一二三四五六日天]|初[一二三四五六七八九十]|百分之[零一二两三四五六七八九十百点\d]+|[零一二两三四五六七八九十]点[零一二两三四五六七八九]+(?=[元块万亿倍米%个折])/y;

export const UNIT = new RegExp(
  [
    '\\s?(?:元|块|万|亿|%|‰|天|年(?!月日)|月|日|小时|分钟|个月|[GMTK]B?(?![a-z])|kg|km|cm|mm|ml)',
    '多(?!少)|余(?!额)|来块|来个|毛|角|分|折|点|周|星期|礼拜|个|次|人|名|刻|秒|岁|层|楼|栋|幢|座|单元|室|期|倍|台|件|箱|瓶|盒|张|条|份|只',
    '辆|套|种|项|级|度|米|公里|千米|公斤|千克|斤|克|毫|兆|代|版|号线|路|单|笔|页|款|平|遍|刀|美|季度|届|集',
    '瓦|伏|安|升|吨|户|家|位|根|支|杯|顿|趟|回|圈|步|字|句|段|间|床|桌|排|列|颗|粒|片|包|袋|桶|罐|寸|英寸|尺|厘|成',
  ].join('|'),
  'iy',
);
export const SHORT_NUMBER_UNIT = /\s?号/y;

export const LIGHT =
  /<\/?[a-z][^<>]{0,80}>|&(?:nbsp|ensp|emsp|#160|#32);|[\s,，。、;；:：!！?？\-－—–_~～·•…\/()（）"“”'‘’.|#*\u0300-\u036f\u20e3\u2600-\u27bf\ufe00-\ufe0f\ud800-\udfff]+|嗯+|呃+|额|啊|哦|噢|唉|诶|欸|那个|这个|那|就是|然后|接着|后面|前面|中间|最后|第一段|再来|再|横杠|横线|中杠|短横|杠|空格|还有|接下来|下面|以及|和|跟|或者|转|分机|是|的|对|好|呢|吧|呀|嘛|哈|了|完了|一下|稍等|等一下|等会|我看看|我看|看看|怎么说|怎么说呢|您记|你记|记一下|您听|听好|他是|它是/iy;
export const CORRECTION =
  /不对不对|不对|不是|错了|说错了?|念错了?|搞错了?|看错了?|哦不|不好意思|抱歉|等等|重新说|重来|重说|重新来|更正|应该是|我再说一遍|再说一遍|改成/y;

/** Words with a numeral in them that say no number. */
export const WORDS =
  /一(?:些|样|直|定|起|共|般|会儿?|边|旦|切|致|开始|方面|块儿|律|番|群|对一|概|时|向|系列|体|把|道|遍|口气|来|方|并|经|同|再)|一个(?![零〇洞幺一二两三四五六七八九0-9])|万一|唯一|统一|单一|之一|进一步|十分|千万|百度|百货|二维|三方|二手|四川|三亚|五金|六安|九江|三明|七夕|八卦|零售|零件|零食|零钱|两者|双十一|五一劳动|三星|百分|一一(?=介绍|说明|核对|回复)/y;
