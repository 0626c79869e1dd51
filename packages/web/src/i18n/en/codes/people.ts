export const people = {
  code: {
    ACCOUNT_EXISTS: 'That user name is taken.',
    ACCOUNT_INVALID: 'The account is incomplete: an agent needs an agent id, a team lead a team.',
    ACCOUNT_LOCKED:
      'The account is locked. Ten failures in a row lock it for 15 minutes; if an administrator locked it, ask them.',
    ACCOUNT_UNKNOWN: 'There is no such account.',
    ALREADY_DECIDED: 'You have decided on this request already; one person counts once.',
    API_KEY_INVALID: 'The API key is not valid.',
    API_KEY_UNKNOWN: 'There is no such API key.',
    BREAK_GLASS_TO_REVIEW:
      'The last break-glass has not been reviewed. An approver who had no part in it must sign its review first.',
    CASE_HANDLER_UNKNOWN: 'There is no such crisis handler or team.',
    DIGEST_MISMATCH:
      'What is to be signed does not match its digest, so nothing was signed. Do not try again; tell an administrator at once.',
    ENROLMENT_NOT_AWAITING: 'This passkey no longer waits for confirmation.',
    ENROLMENT_OWN: 'Your own passkey must be confirmed by others.',
    ENGAGEMENT_OVER:
      'Your engagement has not begun or is over, so your account opens nothing. Ask the compliance office.',
    EXPORT_EMPTY: 'Nothing in scope can be exported.',
    EXPORT_TOO_LARGE: 'At most 1,000 calls are exported at once: choose fewer.',
    FIELD_NOT_GRANTABLE:
      'Something of what you chose cannot be granted to your role. Leave it out and send again.',
    FILTER_UNKNOWN: 'There is no such saved search; it may have been deleted.',
    FORBIDDEN: 'Your role does not include this.',
    GRANT_REQUIRED: 'This needs a grant.',
    HANDLED_RECORD: 'You handled one of these calls; another approver has to decide.',
    HOLD_BUSY: 'Calls are being archived or disposed of and take long. Try again in a moment.',
    HOLD_CUSTODIAN_UNKNOWN:
      'A custodian must be an active account of somebody of the house, neither a service nor a regulator.',
    HOLD_RELEASED: 'This hold was released already.',
    HOLD_SAME_PERSON:
      'Whoever placed a hold does not end it: another compliance officer has to release it.',
    HOLD_UNKNOWN: 'There is no such hold, or you are not one of its custodians.',
    IDENTITY_REFUSED: 'The provider did not prove who you are. Please try again.',
    IDENTITY_TAKEN: 'That identity has another account here; find out first whose the two are.',
    IDENTITY_UNLINKABLE:
      'Only accounts with a password here are linked: services do not sign in, and accounts that a provider made have their identity.',
    IDENTITY_UNMAPPED: 'Signing in there does not give you a role here. Ask an administrator.',
    KEY_WITHHELD: 'The key was withheld: the grant does not cover this.',
    MANDATE_HOLDER_INVALID: 'A mandate’s holder must be an active regulator account.',
    MANDATE_SCOPE_INVALID: 'The mandate’s scope or validity is not right.',
    NOT_GRANTEE: 'This grant is not yours.',
    NOT_SIGNED_IN: 'You are signed out. Please sign in again.',
    OWN_ACCOUNT: 'Nobody changes their own account this way.',
    OWN_REQUEST: 'You cannot decide on your own request.',
    PASSKEY_CANCELLED:
      'Nothing was signed: it was cancelled, took too long, or this device has no passkey for it.',
    PASSKEY_FAILED: 'The device gave no signature. Try another browser or security key.',
    PASSKEY_HERE_ALREADY: 'This device or security key is registered already.',
    PASSKEY_INSECURE:
      'The browser does not trust this site’s certificate and therefore offers no passkeys. Have your system trust the archive’s authority.pem, then open this page under its configured host name.',
    PASSKEY_INVALID: 'This is no passkey made for this registration; register again.',
    PASSKEY_NOT_ENROLLED:
      'You have no enrolled passkey yet. Register one in your settings; it counts once two people confirm it.',
    PASSKEY_STALE: 'The registration was not begun or is too old; begin again.',
    PASSKEY_TAKEN: 'This passkey belongs to somebody else.',
    PASSKEY_UNKNOWN: 'There is no such passkey.',
    PASSKEY_UNSUPPORTED:
      'This browser has no passkeys. Use a recent Chrome, Edge, Firefox or Safari.',
    PASSWORD_WEAK:
      'The password is too weak: at least 12 characters, 6 different ones, and not the user name.',
    PERSON_UNKNOWN:
      'The account is not tied to a person, so it can neither ask nor approve. Ask an administrator.',
    PROVIDER_UNREACHABLE:
      'The sign-in service does not answer. Try again later, or use a password of the archive.',
    RECORD_NOT_HELD: 'This hold does not keep that call.',
    REQUEST_EMPTY:
      'There is no call to ask for: none of them exists for you, or the search finds nothing.',
    REQUEST_EXPIRED: 'The time to decide on this request is over.',
    REQUEST_NOT_PENDING: 'This request has been settled; it takes no more decisions.',
    REQUEST_TOO_LARGE: 'At most 500 calls in one request. Narrow it down.',
    REQUEST_UNKNOWN: 'There is no such request, or it is not for you to see.',
    SAME_PERSON: 'The two signatures must come from two people; a second account does not count.',
    SCIM_INVALID: 'The personnel system asked for something that is not served.',
    SESSION_EXPIRED: 'You are signed out. Please sign in again.',
    SESSION_UNKNOWN: 'There is no such open session; it may have ended.',
    SETUP_DONE: 'The first set-up is done already.',
    SETUP_TOKEN_INVALID: 'The set-up token is wrong or was used.',
    SHOWN_DIFFERS:
      'What is to be signed is not what the page shows, so nothing was signed. Do not try again; tell an administrator at once.',
    SIGNATURE_INVALID:
      'The signature did not verify and was not taken. Try again with your own enrolled passkey.',
    SIGNERS_WRONG: 'These are not the people who have to sign.',
    SIGN_IN_FAILED: 'User name or password is wrong.',
    TICKET_EXPIRED: 'The release ticket has expired. Reload the page and open it again.',
    TICKET_INVALID: 'The release ticket is not valid.',
    TICKET_REQUIRED: 'This needs a valid release ticket.',
    TOO_MANY_PENDING:
      'Too many of yours wait for a decision already. Withdraw some, or wait until they are decided.',
    TOTP_ALREADY_ON: 'A second factor is set up already. With a new phone, ask an administrator.',
    TOTP_REQUIRED: 'Please enter the verification code.',
    TOTP_WRONG: 'The code is wrong, used or too old. Please enter the newest one.',
    WARRANT_DAMAGED: 'What was signed is not this request; nothing came into force.',
    WARRANT_OVER: 'The request was in force before, has ended, or came too late.',
  },
} as const;
