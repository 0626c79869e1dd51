import i18next from 'i18next';

/** Words of open vocabularies: the catalogue's label where there is one, otherwise the value itself. */
type OpenVocabulary =
  | 'issueType'
  | 'event'
  | 'action'
  | 'outcome'
  | 'role'
  | 'site'
  | 'finding'
  | 'record.field'
  | 'jobs.reasonCode';

export function labelOf(vocabulary: OpenVocabulary, value: string): string {
  const key = `${vocabulary}.${value}`;
  const resource: unknown = i18next.getResource(i18next.language, 'translation', key);
  return typeof resource === 'string' ? resource : value;
}
