import { CheckOutlined } from '@ant-design/icons';
import type { Facets } from '@voxkeep/contract';
import { Skeleton } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { TierMark } from '../theme/tier-mark.tsx';
import { type AgentNames, nameAgent } from './agent-names.ts';
import { type Filters, toggleFilter } from './filters.ts';

const ORDER = ['tier', 'issueType', 'team', 'agent', 'channel', 'segment'] as const;
type Facet = (typeof ORDER)[number];
const FIRST = 6;
const CAP = 10_000;

interface Bar {
  facets: Facets | undefined;
  filters: Filters;
  names: AgentNames;
  onChange: (filters: Filters) => void;
}

/** Counts by kind; each number narrows the search to what is behind it. */
export function FacetBar({ facets, filters, names, onChange }: Bar) {
  const { t } = useTranslation();
  if (facets === undefined) return <Skeleton active title={false} paragraph={{ rows: 14 }} />;
  return (
    <>
      {ORDER.filter((facet) => facets[facet].length > 0).map((facet) => (
        <FacetGroup
          key={facet}
          title={t(`search.${facet}`)}
          values={facets[facet]}
          chosen={facet === 'channel' ? [filters.channel ?? ''] : (filters[facet] ?? [])}
          nameOf={(value) => plainName(facet, value, names)}
          drawName={(value) => drawName(facet, value)}
          onToggle={(value) => onChange(toggleFilter(filters, facet, value))}
        />
      ))}
    </>
  );

  function drawName(facet: Facet, value: string): ReactNode {
    if (facet === 'tier' && (value === 'basic' || value === 'core' || value === 'sensitive')) {
      return <TierMark tier={value} short />;
    }
    return plainName(facet, value, names);
  }
}

function plainName(facet: Facet, value: string, names: AgentNames): string {
  if (facet === 'agent') return nameAgent(value, names);
  return facet === 'team' ? value : labelOf(facet, value);
}

interface Group {
  title: string;
  values: { value: string; count: number }[];
  chosen: string[];
  nameOf: (value: string) => string;
  drawName: (value: string) => ReactNode;
  onToggle: (value: string) => void;
}

function FacetGroup({ title, values, chosen, nameOf, drawName, onToggle }: Group) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const shown = all ? values : values.slice(0, FIRST);
  const most = Math.max(1, ...values.map(({ count }) => count));
  return (
    <section className="facet">
      <h2>{title}</h2>
      <ul>
        {shown.map(({ value, count }) => {
          const on = chosen.includes(value);
          const name = nameOf(value);
          return (
            <li key={value}>
              <button
                type="button"
                aria-pressed={on}
                title={
                  on
                    ? t('search.facetRemove', { value: name })
                    : t('search.facetAdd', { value: name, count: writeCount(count) as never })
                }
                onClick={() => onToggle(value)}
              >
                <span className="facet-bar" style={{ inlineSize: `${(100 * count) / most}%` }} />
                <span className="facet-name">{drawName(value)}</span>
                {on ? <CheckOutlined /> : null}
                <span className="facet-count">{writeCount(count)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {values.length > FIRST ? (
        <button type="button" className="facet-more" onClick={() => setAll(!all)}>
          {all ? t('search.facetFewer') : t('search.facetMore', { n: values.length - FIRST })}
        </button>
      ) : null}
    </section>
  );

  function writeCount(count: number): string {
    return count >= CAP ? t('search.facetCapped') : count.toLocaleString('en');
  }
}
