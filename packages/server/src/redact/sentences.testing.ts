import type { FindingType } from '../record/vocabulary.ts';

/**
 * What contact-centre talk sounds like. Personal data stands between ⟦ and ⟧, its kind before a
 * colon; everything else must stay. `|` separates turns: agent first, then customer, in turn.
 */
export const POSITIVE: readonly string[] = [
  // Resident ID
  '我的身份证号是⟦id_card:330106199005123458⟧',
  '请报一下身份证号|嗯，⟦id_card:三三零一零六一九九零零五一二三四五八⟧',
  '身份证号码⟦id_card:幺幺零幺零五 幺九四九 幺二三幺 零零二叉⟧对吧',
  '⟦id_card:11010519491231002x⟧',
  '老身份证是⟦id_card:330106900512345⟧',
  '核对一下身份证|⟦id_card:三三零一零六⟧|嗯|⟦id_card:一九九零⟧|好的|⟦id_card:零五一二⟧|然后呢|⟦id_card:三四五八⟧',
  '身份证后四位是⟦id_card:三四五八⟧',
  '⟦id_card:330106199005123459⟧这个证办了',
  '身份证是⟦id_card:三三零一零七 不对 三三零一零六一九九零零五一二三四五八⟧',
  '身份证最后是⟦id_card:幺零零二艾克斯⟧',
  // Bank card
  '卡号⟦bank_card:6222 0212 0204 1701 237⟧',
  '请说银行卡号|⟦bank_card:六二二二零二一二零二零四一七零一二三七⟧',
  '银行卡尾号⟦bank_card:1237⟧的那张',
  '信用卡是⟦bank_card:四三九二 二五八三 一二三四 五六七八⟧',
  '您那张卡⟦bank_card:6222021202041701237⟧已经冻结',
  '卡号后四位是多少|⟦bank_card:零二三七⟧',
  '卡号是⟦bank_card:371449635398431⟧运通的',
  // Mobile
  '我手机号⟦phone:13805792641⟧',
  '⟦phone:138-0579-2641⟧你打这个',
  '⟦phone:+86 138 0579 2641⟧',
  '电话是⟦phone:幺三八零五七九二六四幺⟧',
  '手机⟦phone:一三八 那个 零五七九 嗯 二六四一⟧',
  '您的手机号多少|⟦phone:幺三八⟧|嗯|⟦phone:零五七九⟧|好|⟦phone:二六四幺⟧',
  '联系方式⟦phone:一百三十八 零零一三 八零零零⟧',
  '我的电话是⟦phone:幺三八三个八幺二三四五⟧',
  '手机尾号是⟦phone:二六四幺⟧吗',
  '⟦phone:１３８０５７９２６４１⟧',
  '您拨打⟦phone:一五九六七幺三幺洞洞两⟧就行',
  '电话⟦phone:幺三八杠零五七九杠二六四幺⟧',
  '⟦phone:+852 9123 4567⟧是我香港的',
  '⟦phone:13805792641⟧是我的手机号',
  '手机号是⟦phone:幺三八零五七九二六四幺⟧|我核对一下，⟦phone:幺三八零五七九⟧，⟦phone:二六四幺⟧对吗',
  '您的验证码已发送到尾号⟦phone:2641⟧的手机',
  '您的账号是⟦account:10023456⟧对吗',
  // Landline
  '家里座机⟦landline:0571-88081234⟧',
  '座机是⟦landline:零五七幺八八零八幺二三四⟧',
  '⟦landline:010-62345678⟧打不通',
  '固定电话⟦landline:88081234⟧',
  '⟦landline:021 杠 58881234 转 601⟧',
  // Passport
  '护照号⟦passport:E12345678⟧',
  '护照是⟦passport:E 一二三四五六七八⟧',
  '⟦passport:EA1234567⟧是我护照',
  '您的护照号码是|⟦passport:G三四五六七八九零⟧',
  '港澳通行证⟦passport:C12345678⟧',
  // Plate
  '车牌⟦plate:浙A12345⟧',
  '车牌号是⟦plate:京A·D12345⟧',
  '⟦plate:沪 B 幺二三四五⟧那辆车',
  '我的车是⟦plate:粤B8F6K2⟧',
  '请问车牌号|⟦plate:苏E D 幺 二 三 四 五⟧',
  // E-mail
  '邮箱⟦email:zhang.san@example.com⟧',
  '发到⟦email:zhangsan 艾特 幺六三 点 com⟧',
  '⟦email:13805792641@qq.com⟧',
  '邮箱是⟦email:一二三四五六七 艾特 QQ 点 com⟧',
  // Address
  '地址|⟦address:人民路二十八号⟧',
  '我住在⟦address:杭州市西湖区文三路478号华星大厦3楼302室⟧',
  '寄到⟦address:幸福小区3栋2单元501室⟧',
  '家在⟦address:朝阳区建国路八十八号院二号楼一二零三⟧',
  '收货地址是⟦address:浙江省金华市义乌市稠城街道⟧',
  '送到⟦address:中山北路12弄3号402室⟧',
  '请说一下地址|⟦address:望江花园五幢三零二⟧',
  '⟦address:三号楼二单元五零一⟧没水了',
  // Names
  '我叫⟦name:王小明⟧',
  '我是⟦name:张伟⟧，上周来过电话',
  '您贵姓|免贵姓⟦name:王⟧',
  '请问您的名字|⟦name:李建国⟧',
  '⟦name:陈⟧先生您好',
  '请问是⟦name:周丽华⟧女士吗',
  '户主叫⟦name:赵德柱⟧',
  '收件人是⟦name:欧阳娜娜⟧',
  '我姓⟦name:刘⟧',
  '我是客服⟦name:小李⟧',
  '我叫⟦name:王小明，大小的小，明天的明⟧',
  '怎么称呼您|我是⟦name:孙悦⟧',
  '姓名：⟦name:林志玲⟧',
  '我叫⟦name:王小明⟧|好的⟦name:王小明⟧我帮您查',
  // Health
  '我有⟦medical:糖尿病⟧',
  '妈妈⟦medical:高血压⟧住院了',
  '我在吃⟦medical:二甲双胍⟧',
  '刚做了⟦medical:胃镜⟧',
  '确诊⟦medical:2型糖尿病⟧',
  '他是⟦medical:乳腺癌晚期⟧',
  '我⟦medical:怀孕⟧三个月了',
  '⟦medical:血压一百六⟧了',
  // Passwords and codes
  '密码是⟦password:abc123⟧',
  '我的密码⟦password:一二三四五六⟧',
  '支付密码是⟦password:880088⟧',
  '登录密码设成⟦password:Zhang@2024⟧',
  '验证码⟦verification_code:382659⟧',
  '请报一下验证码|⟦verification_code:三八二六五九⟧',
  '收到验证码是⟦verification_code:三八二⟧，⟦verification_code:六五九⟧',
  '⟦verification_code:8842⟧是验证码',
  '验证码发到我手机了，是四位的，⟦verification_code:八八四二⟧',
  '短信码⟦verification_code:零零七幺⟧',
  '您的动态密码|⟦verification_code:五五幺二零八⟧',
];

/** Numbers, places and words of every day that are nobody's. */
export const NEGATIVE: readonly string[] = [
  '一共三百五十六元打八折',
  '余额是12345678元',
  '转了五万六千块',
  '费用￥1,234,567.00',
  '二零二五年八月十五号下午三点',
  '2025-08-15 14:30到的货',
  '我八月十五号打的电话',
  '订单号20250815001234',
  '订单号是二零二五零八一五零零一二三四',
  '您的订单编号是13805792641',
  '快递单号7700123456789',
  '请说一下订单号|二零二五零八一五零零一',
  '工单编号是幺零零二三四五六七八九',
  '流水号8823456712345678',
  '工号001为您服务',
  '我的工号是八零二三幺',
  '版本是3.14.159',
  '软件升到十二点五了',
  '请拨打400-820-8820',
  '客服热线95588',
  '打12345投诉',
  '幺零零八六给我发短信',
  '四零零八二零八八二零打不通',
  '我买了三个五公斤的',
  '涨了百分之十五点五',
  '增长15.6%',
  '买的是iPhone15 256G',
  '华为Mate60和小米14',
  '型号是A6000',
  '空调一匹半，两台',
  '二十四小时以内跟您联系',
  '每天上午八点到晚上九点',
  '等了四十五分钟',
  '打了三次电话没人接',
  '我家旁边的道路晚上噪音太大',
  '在杭州市这边',
  '坐二号线到三号口',
  '先生您好请问有什么可以帮您',
  '这位女士请稍等',
  '对方先生不在',
  '我是业主',
  '我是金卡会员',
  '我是成都的',
  '我是客户',
  '客户经理没联系我',
  '请问您贵姓',
  '我忘记密码了怎么办',
  '密码错误三次',
  '验证码收不到',
  '我没收到验证码，等了5分钟',
  '您的邮箱还没绑定',
  '身份证过期了怎么补办',
  '银行卡丢了要挂失',
  '请到医院检查问一下医生',
  '发票代码是033001900104',
  '序列号SN20240815',
  '错误代码50012',
  '积分有3680分',
  '我第一次打，上星期三也打过',
  '一会儿再说吧，一下子记不住',
  '邮编310012',
  '这个月用了356度电',
  '航班号CA1234',
  '房间号码是八零六',
  '满一千减二百',
  '电话费一百二十三',
  '我1990年出生的',
  '套餐一九九的那个',
  '拨零再按一',
  '北京到上海多少公里',
  '请设置六位密码',
  '手机号码一共十一位',
  '我打了幺幺零和幺二零',
  '我在人民路上开车的时候，公交28路过来了',
  '车票是G1234次十二车05座',
  '合同号HT-2025-00123，金额一百二十万',
  '安装师傅说明天来',
  '会员卡号是88012345',
];

/** A sentence with its marks read out: the words, and what must be found. */
export function readMarked(marked: string): {
  turns: string[];
  data: { type: FindingType; turn: number; text: string; start: number; end: number }[];
} {
  const data: { type: FindingType; turn: number; text: string; start: number; end: number }[] = [];
  const turns = marked.split('|').map((source, turn) => {
    let text = '';
    for (const part of source.split(/(⟦[^⟧]*⟧)/)) {
      const found = /^⟦([a-z_]+):(.*)⟧$/.exec(part);
      const plain = found?.[2] ?? part;
      if (found) {
        const type = found[1] as FindingType;
        data.push({ type, turn, text: plain, start: text.length, end: text.length + plain.length });
      }
      text += plain;
    }
    return text;
  });
  return { turns, data };
}
