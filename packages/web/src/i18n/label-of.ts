import i18next from 'i18next';

/** Words of open vocabularies: the catalogue's label where there is one, otherwise the value itself. */
export type OpenVocabulary =
  | 'issueType'
  | 'tier'
  | 'channel'
  | 'direction'
  | 'industry'
  | 'segment'
  | 'businessType'
  | 'verified'
  | 'event'
  | 'action'
  | 'scope'
  | 'outcome'
  | 'role'
  | 'site'
  | 'sites.purpose'
  | 'sites.pool'
  | 'finding'
  | 'noticeKind'
  | 'record.field'
  | 'term.cause'
  | 'access.category'
  | 'ledger.kinds'
  | 'field'
  | 'wrong';

export function labelOf(vocabulary: OpenVocabulary, value: string): string {
  return wordOf(vocabulary, value) ?? value;
}

/** What a code means; undefined for a code without words, so that its own sentence is shown. */
export function codeWords(code: string): string | undefined {
  return wordOf('code', code);
}

/** What to do about a call that stopped with this code. */
export function remedyFor(code: string): string | undefined {
  return wordOf('remedy', code);
}

function wordOf(vocabulary: string, value: string): string | undefined {
  // Dots would be read as levels: the ledger's 'record.view' is 'record_view' in the catalogue.
  const key = `${vocabulary}.${value.replaceAll('.', '_')}`;
  const resource: unknown = i18next.getResource(i18next.language, 'translation', key);
  return typeof resource === 'string' ? resource : undefined;
}
