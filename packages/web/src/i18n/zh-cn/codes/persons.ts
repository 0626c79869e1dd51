/** Codes of closed accounts, of what persons ask for, and of records that are restricted. */
export const persons = {
  code: {
    CLOSURE_CONFLICT: '这个注销编号已登记过，但账号、号码或日期与此次不同，未作更改。',
    CLOSURE_DAY_INVALID: '注销日期有误：须是今天或以前的日期。',
    CLOSURE_UNKNOWN: '没有登记过这个注销编号。',
    RECORD_RESTRICTED: '该记录已限制处理：仅保存与保护，不作他用。',
    SUBJECT_COPY_EMPTY: '没有找到此人的通话，无可提供的副本。',
    SUBJECT_COPY_TOO_LARGE: '此人的通话过多，请分账号或号码分别受理。',
    SUBJECT_DAY_INVALID: '收到日期有误：须是今天或以前的日期。',
    SUBJECT_EXTENDED_ALREADY: '答复期限已延长过一次，不能再延。',
    SUBJECT_RECORD_OTHER: '所列通话不是此人的：号码或账号对不上。',
    SUBJECT_REQUEST_STATE: '这项请求已有结论或正在办理，不再接受此操作。',
    SUBJECT_REQUEST_UNKNOWN: '没有这项请求。',
    SUBJECT_SECOND_PERSON: '须由登记人以外的另一名合规人员批准。',
    SUBJECT_VALUE_UNKNOWN: '更正后的取值不在本系统的词表中。',
  },
} as const;
