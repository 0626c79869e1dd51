import type { FindingType } from '../record/vocabulary.ts';

/** What stands in the redacted text in place of each kind of personal data. */
export const REPLACEMENTS: Readonly<Record<FindingType, string>> = Object.freeze({
  id_card: '[身份证号]',
  bank_card: '[银行卡号]',
  phone: '[手机号]',
  landline: '[固定电话]',
  passport: '[护照号]',
  plate: '[车牌号]',
  email: '[邮箱]',
  address: '[地址]',
  name: '[姓名]',
  medical: '[健康信息]',
  password: '[密码]',
  verification_code: '[验证码]',
  account: '[账号]',
  birth_date: '[出生日期]',
});
