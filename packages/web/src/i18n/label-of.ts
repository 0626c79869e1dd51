import i18next from 'i18next';

/** Words of open vocabularies: the catalogue's label where there is one, otherwise the value itself. */
type OpenVocabulary =
  | 'issueType'
  | 'event'
  | 'action'
  | 'scope'
  | 'outcome'
  | 'role'
  | 'site'
  | 'finding'
  | 'record.field'
  | 'jobs.reasonCode';

export function labelOf(vocabulary: OpenVocabulary, value: string): string {
  // Dots would be read as levels: the ledger's 'record.view' is 'record_view' in the catalogue.
  const key = `${vocabulary}.${value.replaceAll('.', '_')}`;
  const resource: unknown = i18next.getResource(i18next.language, 'translation', key);
  return typeof resource === 'string' ? resource : value;
}
