export const program = {
  code: {
    ADDRESS_REFUSED: 'The mail server refuses the address.',
    BODY_TOO_LARGE: 'What was sent is too large.',
    CONTENT_TYPE_UNSUPPORTED: 'This kind of content is not supported.',
    CSRF_REFUSED: 'The request did not come from this site’s pages. Reload the page and try again.',
    CURSOR_INVALID: 'The place in the list is no longer valid. Please search again.',
    HEADERS_TOO_LARGE: 'The request headers are too large.',
    INTERNAL:
      'Something went wrong inside. Give the request id to operations; the log has the rest.',
    LEDGER_DAMAGED:
      'The ledger does not give the tree that was signed, so nothing more is written. Leave everything as it is and tell an administrator at once.',
    LEDGER_FORKED:
      'A site holds another signed ledger, so nothing more is written. Leave everything as it is and tell an administrator at once.',
    LEDGER_INDEX_UNKNOWN: 'The ledger has no such entry yet.',
    LEDGER_NOT_SUCCEEDED:
      'No witness has seen another history than this one, so the ledger keeps its name.',
    LEDGER_STORE_FOREIGN:
      'This archive did not sign the checkpoint at the site. Leave everything as it is and tell an administrator at once.',
    LEDGER_SUCCEEDED:
      'The ledger had lost entries that a witness has seen, and goes on under another name with another key.',
    LEDGER_TILE_UNKNOWN: 'The ledger has no such file.',
    LEDGER_RESTORING:
      'After the recovery this part of the ledger still comes back from the sites. Try again later.',
    LEDGER_UNAVAILABLE:
      'The audit ledger cannot be written, so this was not done. Try again shortly or call operations.',
    METHOD_NOT_ALLOWED: 'This cannot be done here.',
    MULTIPART_INVALID: 'The upload is not well formed.',
    NOT_FOUND: 'Not found.',
    NOT_READY: 'The archive is not ready yet. Please try again shortly.',
    RATE_LIMITED: 'Too many requests. Please try again shortly.',
    RECEIVER_NOT_TRUSTED:
      'The other side’s certificate is not trusted, or it offers no encryption.',
    RECEIVER_REDIRECTS: 'The receiver asks to go elsewhere; that is not followed.',
    RECEIVER_REFUSED: 'The other side refused it.',
    RECEIVER_TOO_SLOW: 'The other side takes too long.',
    RECEIVER_UNREACHABLE: 'The other side cannot be reached.',
    REQUEST_INVALID: 'Something was not filled in right; see the fields below.',
    REQUEST_TIMEOUT: 'The request took too long. Please try again.',
    ROUTE_WITHOUT_RULE: 'An address of the program names no rule; the archive does not start.',
    RULE_NOT_JUDGED:
      'No rule was asked, so the answer was withheld. Give operations the request id.',
    SIGN_IN_REFUSED: 'The mail server refuses the sign-in.',
    WITNESS_AHEAD:
      'The witness has countersigned more entries than there are here: some may have been lost or taken back. Look into it at once.',
    WITNESS_COSIGNATURE_BAD:
      'The witness’s signature does not verify and was not taken. Check its public key.',
    WITNESS_FORKED:
      'The witness has countersigned another history: the ledger may have been rewritten. Leave everything as it is and look into it at once.',
    WITNESS_REFUSED:
      'The witness refuses to countersign. Check the ledger’s key and the token that are registered with it.',
    WITNESS_UNREACHABLE: 'The witness does not answer; it is asked again by itself.',
  },
  remedy: {
    LEDGER_RESTORING: 'Wait until the Ledger page says that no entries are to come back.',
    LEDGER_NOT_SUCCEEDED:
      'Ask the witnesses first whether they answer; if they do, there is nothing to mend.',
    LEDGER_SUCCEEDED:
      'Give the new key on the Ledger page to auditors and to whoever runs a witness. What was lost, the ledger’s first entry under that name says.',
    LEDGER_UNAVAILABLE: 'It goes on once the ledger is back; look at headquarters and branch.',
  },
} as const;
