import type { NoticeKind } from '@voxkeep/contract';

export type MailLanguage = 'zh-CN' | 'en';

/** What a mail says of each kind: that it is so, and nothing of which record or whose. */
export const MAIL_WORDS: Record<NoticeKind, Record<MailLanguage, string>> = {
  'request.awaiting': {
    'zh-CN': '有调取申请等待您审批',
    en: 'An access request awaits your approval',
  },
  'request.approved': { 'zh-CN': '调取申请已获批准', en: 'An access request was approved' },
  'request.rejected': { 'zh-CN': '调取申请被驳回', en: 'An access request was rejected' },
  'request.withdrawn': { 'zh-CN': '调取申请已撤回', en: 'An access request was withdrawn' },
  'request.revoked': { 'zh-CN': '授权已被收回', en: 'A grant was revoked' },
  'grant.ending': { 'zh-CN': '授权即将到期', en: 'A grant ends soon' },
  'grant.ended': { 'zh-CN': '授权已到期', en: 'A grant has ended' },
  'break_glass.used': { 'zh-CN': '警报：有人使用了紧急调取', en: 'Alarm: break-glass was used' },
  'break_glass.to_review': {
    'zh-CN': '有紧急调取等待复核',
    en: 'A use of break-glass awaits review',
  },
  'mandate.begins': { 'zh-CN': '监管调取令开始生效', en: 'A mandate is in force' },
  'mandate.ended': { 'zh-CN': '监管调取令已失效', en: 'A mandate has ended' },
  'enrolment.awaiting': {
    'zh-CN': '有通行密钥登记等待您确认',
    en: 'A passkey enrolment awaits your confirmation',
  },
  'enrolment.done': { 'zh-CN': '通行密钥登记已确认', en: 'A passkey enrolment was confirmed' },
  'playback.fast': { 'zh-CN': '警报：播放取数过快', en: 'Alarm: playback is drawn too fast' },
  'account.forged': { 'zh-CN': '警报：发现被伪造的数据', en: 'Alarm: a forged row was met' },
  'ledger.alarm': {
    'zh-CN': '警报：审计账本异常',
    en: 'Alarm: something is wrong with the ledger',
  },
  'placement.differs': {
    'zh-CN': '副本放置文件已改动，等待生效',
    en: 'The placement file has changed and waits to be applied',
  },
  'site.alarm': { 'zh-CN': '警报：存储站点异常', en: 'Alarm: something is wrong with a site' },
  'site.clear': { 'zh-CN': '存储站点已恢复正常', en: 'A site is all right again' },
};

/** Below it stands the link. */
export const SIGN_IN_TO_SEE: Record<MailLanguage, string> = {
  'zh-CN': '请登录后查看详情。此邮件由系统自动发送，请勿回复。',
  en: 'Sign in to see what it is about. This mail was sent automatically; nobody reads replies.',
};
