/** Codes of disposals. */
export const disposals = {
  code: {
    DESTRUCTION_FAILED: '有站点上的销毁未完成。',
    DISPOSAL_NOTHING_DUE: '今天没有到期可处置的档案。',
    DISPOSAL_NOT_DUE: '所选档案中有今天不可处置的。',
    DISPOSAL_NOT_SIGNED: '处置清单与两人签署的不一致，未执行。',
    DISPOSAL_OVER: '该处置清单已过审批期限。',
    DISPOSAL_RUN_STATE: '该处置清单当前状态不允许此操作。',
    DISPOSAL_RUN_UNKNOWN: '没有这份处置清单。',
    RECORD_NOT_DISPOSED: '该档案未被处置。',
  },
  remedy: {
    DESTRUCTION_FAILED: '站点恢复后会自动继续，无需处理。',
    DISPOSAL_NOTHING_DUE: '可在“到期”中查看哪些档案何时到期。',
    DISPOSAL_NOT_DUE: '请刷新到期清单后重新选择；被保全、未满期限的档案不可处置。',
    DISPOSAL_NOT_SIGNED: '请停止该清单并立即联系安全负责人：清单可能被改动过。',
    DISPOSAL_OVER: '请重新提出处置。',
    DISPOSAL_RUN_STATE: '请刷新后查看该清单的进展。',
    DISPOSAL_RUN_UNKNOWN: '请核对链接。',
    RECORD_NOT_DISPOSED: '无需处理。',
  },
} as const;
