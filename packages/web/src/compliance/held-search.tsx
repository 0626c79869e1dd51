import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { reachQuery } from '../api/compliance-queries.ts';
import { savedFiltersQuery } from '../api/queries.ts';
import { callsOf } from '../i18n/calls-of.ts';
import { FilterWords } from '../search/filter-words.tsx';
import { type Filters, hasFilters, readFilters } from '../search/filters.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

/** The search that is to keep catching: one of one's own, or as it was drawn on the search page. */
export function HeldSearch({
  filters,
  record,
}: {
  filters: Filters;
  /** Named beside it; stays in the address. */
  record: string[] | undefined;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const saved = useQuery(savedFiltersQuery);
  const isDrawn = hasFilters(filters);
  const take = (next: Filters) =>
    void navigate({
      to: '/compliance/holds/new',
      search: { ...next, ...(record === undefined ? {} : { record }) },
      replace: true,
    });
  return (
    <div className="held-search">
      <div className="field-line">
        <span aria-hidden="true">{t('compliance.place.search')}</span>
        <Select
          aria-label={t('compliance.place.search')}
          className="held-search-saved"
          loading={saved.isPending}
          placeholder={t('compliance.place.pickSaved')}
          notFoundContent={t('saved.empty')}
          value={null}
          options={(saved.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(id: string) => {
            const picked = saved.data?.find((one) => one.id === id);
            if (picked !== undefined) take(readFilters(picked.query));
          }}
          data-testid="pick-saved"
        />
        <Link to="/" search={filters}>
          {t('compliance.place.draw')}
        </Link>
        {isDrawn ? (
          <Button size="small" onClick={() => take({})}>
            {t('compliance.place.noSearch')}
          </Button>
        ) : null}
      </div>
      {saved.isError ? <ProblemPanel error={saved.error} /> : null}
      {isDrawn ? (
        <div className="held-search-drawn" data-testid="held-search">
          <FilterWords filters={filters} />
          <Reach filters={filters} />
          <p className="muted">{t('compliance.place.keepsCatching')}</p>
        </div>
      ) : (
        <p className="muted">{t('compliance.place.searchHint')}</p>
      )}
    </div>
  );
}

/** How many records that is today. */
function Reach({ filters }: { filters: Filters }) {
  const { t } = useTranslation();
  const reach = useQuery(reachQuery(filters));
  if (reach.isError) return <ProblemPanel error={reach.error} />;
  if (reach.data === undefined) return <p className="muted">{t('access.reachCounting')}</p>;
  const { total, totalCapped } = reach.data;
  return (
    <p role="status">
      <strong data-testid="held-reach">
        {totalCapped
          ? t('search.totalCapped', { n: total.toLocaleString('en') })
          : callsOf(t, total)}
      </strong>
    </p>
  );
}
