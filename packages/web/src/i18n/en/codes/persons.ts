/** Codes of closed accounts, of what persons ask for, and of records that are restricted. */
export const persons = {
  code: {
    CLOSURE_CONFLICT:
      'This closure was told before with another account, number or day; nothing was changed.',
    CLOSURE_DAY_INVALID: 'The day of the closure must be today or earlier.',
    CLOSURE_UNKNOWN: 'No closure of that reference was told.',
    RECORD_RESTRICTED: 'The record is restricted: stored and protected, nothing else.',
    SUBJECT_COPY_EMPTY: 'No call of this person was found: there is nothing to copy.',
    SUBJECT_COPY_TOO_LARGE:
      'There are too many calls for one copy: enter number and account as requests of their own.',
    SUBJECT_DAY_INVALID: 'The day on which it was received must be today or earlier.',
    SUBJECT_EXTENDED_ALREADY: 'The deadline was extended once and cannot be again.',
    SUBJECT_RECORD_OTHER: 'A call that is named is not this person’s: number and account differ.',
    SUBJECT_REQUEST_STATE: 'The request is decided or under way; this is not possible any more.',
    SUBJECT_REQUEST_UNKNOWN: 'There is no such request.',
    SUBJECT_SECOND_PERSON: 'Somebody else of compliance than who entered it has to grant it.',
    SUBJECT_VALUE_UNKNOWN: 'The corrected value is not one that calls can have there.',
  },
} as const;
