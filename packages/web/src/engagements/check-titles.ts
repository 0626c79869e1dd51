import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { auditQuery, auditsQuery } from '../api/audit-queries.ts';
import { wordsIn } from '../audits/words-in.ts';

/** What the newest audit calls each check; before there is one, its id. */
export function useCheckTitles(enabled = true): (check: string) => string {
  const { i18n } = useTranslation();
  const audits = useQuery({ ...auditsQuery, enabled });
  const newest = audits.data?.runs[0]?.id;
  const audit = useQuery({
    ...auditQuery(newest ?? ''),
    enabled: enabled && newest !== undefined,
    refetchInterval: false,
  });
  return (check) => {
    const found = audit.data?.checks.find(({ id }) => id === check);
    return found === undefined ? check : wordsIn(found.title, i18n.language);
  };
}
