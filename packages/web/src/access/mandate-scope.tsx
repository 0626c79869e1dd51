import type { MandateScope } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { writeList } from '../i18n/write-list.ts';

/** A mandate's scope in words; a criterion that is not given does not limit. */
export function MandateScopeText({ scope }: { scope: MandateScope }) {
  const { t, i18n } = useTranslation();
  const list = (vocabulary: 'industry' | 'issueType', values: string[] | undefined) =>
    values === undefined
      ? t('search.any')
      : writeList(
          values.map((value) => labelOf(vocabulary, value)),
          i18n.language,
        );
  return (
    <ul className="scope-lines">
      <li>
        {t('access.scopeDays')}
        <span className="num">
          {scope.from} {t('access.until')} {scope.to}
        </span>
      </li>
      <li>
        {t('access.scopeIndustries')}
        {list('industry', scope.industries)}
      </li>
      <li>
        {t('access.scopeIssueTypes')}
        {list('issueType', scope.issueTypes)}
      </li>
    </ul>
  );
}
