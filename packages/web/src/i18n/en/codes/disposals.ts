/** Codes of disposals. */
export const disposals = {
  code: {
    DESTRUCTION_FAILED: 'A destruction at a site is not done yet.',
    DISPOSAL_NOTHING_DUE: 'No record may be disposed of today.',
    DISPOSAL_NOT_DUE: 'One of the chosen records may not be disposed of today.',
    DISPOSAL_NOT_SIGNED: 'The list is not the one that two people signed. Nothing was done.',
    DISPOSAL_OVER: 'The time to decide on this list is over.',
    DISPOSAL_RUN_STATE: 'The list is not in a state that allows this.',
    DISPOSAL_RUN_UNKNOWN: 'There is no such list.',
    RECORD_NOT_DISPOSED: 'The record has not been disposed of.',
  },
  remedy: {
    DESTRUCTION_FAILED: 'Nothing: it goes on by itself once the site answers.',
    DISPOSAL_NOTHING_DUE: 'Under “Due” you see which records are due when.',
    DISPOSAL_NOT_DUE: 'Load the due list anew and choose again; held records and minimums stay.',
    DISPOSAL_NOT_SIGNED:
      'Stop the list and call whoever is responsible for security: it may have been changed.',
    DISPOSAL_OVER: 'Propose it again.',
    DISPOSAL_RUN_STATE: 'Load the page anew and see how far the list is.',
    DISPOSAL_RUN_UNKNOWN: 'Check the link.',
    RECORD_NOT_DISPOSED: 'Nothing to do.',
  },
} as const;
