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
  'disposal.proposed': {
    'zh-CN': '有处置清单等待您审批',
    en: 'A list of disposals awaits your decision',
  },
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
  'audit.ended': { 'zh-CN': '合规审计已结束', en: 'A compliance audit has ended' },
  'engagement.awaiting': {
    'zh-CN': '有外部审计项目等待您确认',
    en: 'An outside audit awaits your confirmation',
  },
  'engagement.asked': {
    'zh-CN': '外部审计有事项等待您答复',
    en: 'An outside audit has something for you to answer',
  },
  'engagement.answered': {
    'zh-CN': '您在外部审计中提出的事项已答复',
    en: 'What you asked for in an outside audit was answered',
  },
  'placement.differs': {
    'zh-CN': '副本放置文件已改动，等待生效',
    en: 'The placement file has changed and waits to be applied',
  },
  'hold.placed': {
    'zh-CN': '有法律保全事项需要您阅知并确认',
    en: 'A legal hold needs you to read and acknowledge it',
  },
  'hold.released': { 'zh-CN': '法律保全已解除', en: 'A legal hold was released' },
  'original.asked': {
    'zh-CN': '有敏感原件延期保留的申请等待您审批',
    en: 'A request to keep a sensitive original awaits your decision',
  },
  'subject.awaiting': {
    'zh-CN': '有个人信息主体请求等待批准',
    en: 'A data subject’s request awaits a decision',
  },
  'subject.due': {
    'zh-CN': '个人信息主体请求即将到答复期限',
    en: 'A data subject’s request must be answered soon',
  },
  'subject.overdue': {
    'zh-CN': '警报：个人信息主体请求已超过答复期限',
    en: 'Alarm: a data subject’s request is overdue',
  },
  'retention.differs': {
    'zh-CN': '留存规则文件已改动，等待预览与生效',
    en: 'The retention file has changed and waits to be looked at',
  },
  'retention.review': {
    'zh-CN': '有留存规则到了复核日期',
    en: 'A retention rule is due to be read again',
  },
  'site.alarm': { 'zh-CN': '警报：存储站点异常', en: 'Alarm: something is wrong with a site' },
  'site.clear': { 'zh-CN': '存储站点已恢复正常', en: 'A site is all right again' },
};

/** Below it stands the link. */
export const SIGN_IN_TO_SEE: Record<MailLanguage, string> = {
  'zh-CN': '请登录后查看详情。此邮件由系统自动发送，请勿回复。',
  en: 'Sign in to see what it is about. This mail was sent automatically; nobody reads replies.',
};
