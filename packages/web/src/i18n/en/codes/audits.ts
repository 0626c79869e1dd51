/** Codes of compliance audits, registers and outside auditors. */
export const audits = {
  code: {
    AUDIT_NOT_ENDED: 'The audit has not ended; there is no report yet.',
    AUDIT_PRECONDITION: 'What the check looks at is not there, so it did not run.',
    AUDIT_RUNNING: 'An audit goes on already. Wait until that has ended.',
    AUDIT_GAVE_UP: 'The archive went down again and again while the check ran; it was given up.',
    AUDIT_TIMED_OUT: 'The check took too long and did not end.',
    AUDIT_UNKNOWN: 'There is no such audit.',
    ENGAGEMENT_DAYS_INVALID:
      'These days are not possible: an engagement begins today or later and lasts at most 90 days.',
    ENGAGEMENT_OTHER:
      'You work for another engagement, or for none: only its own auditors do this.',
    ENGAGEMENT_SCOPE: 'This is outside the engagement’s scope.',
    ENGAGEMENT_SECOND_PERSON: 'This takes another person than the first one.',
    ENGAGEMENT_STATE: 'The engagement is not in a state for this; load the page anew.',
    ENGAGEMENT_TEXT_OTHER: 'What you confirm is not the text of this engagement. Read it again.',
    ENGAGEMENT_UNKNOWN: 'There is no such engagement, or it is not yours.',
    EVIDENCE_REFERENCE_UNKNOWN: 'Something that is referred to is not there.',
    EVIDENCE_STATE: 'That question is answered or taken back already.',
    EVIDENCE_UNKNOWN: 'There is no such question for evidence.',
    FINDING_NOT_OPEN: 'The finding is fixed or accepted already.',
    FINDING_NOT_RETESTED: 'Its check could not run. Try again later.',
    FINDING_STATE: 'The finding is not in a state for this.',
    FINDING_UNKNOWN: 'There is no such finding.',
    REGISTER_INVALID: 'What was to be entered is not right.',
    REGISTER_UNKNOWN: 'There is no such entry in force.',
    REPORT_MISSING: 'No site that answers has the report as the ledger names it. Try again later.',
    SAMPLE_NONCE_WRONG: 'This is not the nonce that you committed to.',
    SAMPLE_POPULATION_EMPTY: 'There are not as many calls to draw from.',
    SAMPLE_POPULATION_LARGE: 'Too many calls to draw from: state a shorter period or fewer tiers.',
    SAMPLE_STATE: 'The sample is drawn or given up already, or not drawn yet.',
    SAMPLE_UNKNOWN: 'There is no such sample.',
    SAMPLE_WAITS:
      'Another sample of this engagement waits for its nonce: draw it or give it up first.',
  },
};
