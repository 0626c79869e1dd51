import { useTranslation } from 'react-i18next';
import { labelOf, type OpenVocabulary } from '../i18n/label-of.ts';
import { writeList } from '../i18n/write-list.ts';
import { type Filters, hasFilters, LIST_FILTERS, TEXT_FILTERS } from './filters.ts';

const VOCABULARY: Partial<Record<keyof Filters, OpenVocabulary>> = {
  issueType: 'issueType',
  tier: 'tier',
  segment: 'segment',
  industry: 'industry',
  channel: 'channel',
  direction: 'direction',
};

/** A search in words, one condition a line. */
export function FilterWords({ filters }: { filters: Filters }) {
  const { t, i18n } = useTranslation();
  if (!hasFilters(filters)) return <p>{t('search.noConditions')}</p>;
  return (
    <ul className="scope-lines">
      {[...TEXT_FILTERS, ...LIST_FILTERS].map((name) => {
        const values = [filters[name] ?? []].flat();
        if (values.length === 0) return null;
        const vocabulary = VOCABULARY[name];
        const words = values.map((value) => {
          if (name === 'hasFindings') {
            return t(value === 'true' ? 'search.withFindings' : 'search.withoutFindings');
          }
          return vocabulary === undefined ? value : labelOf(vocabulary, value);
        });
        return (
          <li key={name}>
            <span className="scope-name">{labelOf('field', name)}</span>
            {writeList(words, i18n.language)}
          </li>
        );
      })}
    </ul>
  );
}
