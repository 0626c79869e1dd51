import i18next from 'i18next';

/** The kinds of acts, in the order in which people look for them. */
const KINDS = [
  ...['record', 'access', 'passkey', 'mandate', 'session', 'account', 'apikey'],
  ...[
    'search',
    'ledger',
    'audit',
    'register',
    'engagement',
    'hold',
    'retention',
    'disposal',
    'subject',
  ],
  ...['object', 'key'],
  ...['ticket', 'feedback', 'score', 'clip', 'insight', 'job', 'config', 'archive'],
] as const;

/** What the policy calls its rights; they stand in the same vocabulary. */
const RIGHTS = new Set(['access_requests', 'key_ceremony']);

/** Every act that has a word, by kind: 'record' → ['record.view', …]. */
export function actionsByKind(): { kind: string; actions: string[] }[] {
  const words = i18next.getResource(i18next.language, 'translation', 'action') as object;
  const names = Object.keys(words).filter((name) => !RIGHTS.has(name));
  return KINDS.map((kind) => ({
    kind,
    actions: names
      .filter((name) => name.startsWith(`${kind}_`))
      .map((name) => `${kind}.${name.slice(kind.length + 1)}`),
  })).filter(({ actions }) => actions.length > 0);
}
