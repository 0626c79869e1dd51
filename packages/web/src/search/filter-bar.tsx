import { DownOutlined, SearchOutlined, UpOutlined } from '@ant-design/icons';
import type { Vocabulary } from '@voxkeep/contract';
import { Button, DatePicker, Input, type InputRef, Select } from 'antd';
import dayjs from 'dayjs';
import { type ReactNode, type Ref, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { TierMark } from '../theme/tier-mark.tsx';
import { type AgentNames, nameAgent } from './agent-names.ts';
import { Field } from './field.tsx';
import { type Filters, hasFilters, type ListFilter, readFilters } from './filters.ts';
import { MoreFilters } from './more-filters.tsx';

const TIERS = ['basic', 'core', 'sensitive'] as const;
const MORE: (keyof Filters)[] = [
  'team',
  'channel',
  'segment',
  'direction',
  'minDurationS',
  'maxDurationS',
  'industry',
  'hasFindings',
  'ticket',
];
const DAY = 'YYYY-MM-DD';

interface Bar {
  filters: Filters;
  vocabulary: Vocabulary | undefined;
  names: AgentNames;
  searching: boolean;
  textRef: Ref<InputRef>;
  onSearch: (filters: Filters) => void;
  saved: ReactNode;
}

/** The conditions; nothing is searched before the button or Enter, as each search is on record. */
export function FilterBar(props: Bar) {
  const { filters, vocabulary, names, searching, textRef, onSearch, saved } = props;
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Filters>(filters);
  const [more, setMore] = useState(() => MORE.some((name) => filters[name] !== undefined));
  useEffect(() => setDraft(filters), [filters]);

  const change = (part: Partial<Record<keyof Filters, string | string[] | undefined>>) =>
    setDraft((before) => ({ ...before, ...part }) as Filters);
  const phoneTooShort = draft.phone !== undefined && /^.{1,3}$/.test(draft.phone.trim());
  const pick = (name: ListFilter, options: Option[]) => (
    <Select
      mode="multiple"
      allowClear
      maxTagCount="responsive"
      aria-label={t(`search.${name as 'agent'}`)}
      placeholder={t('search.any')}
      value={draft[name] ?? []}
      options={options}
      optionFilterProp="search"
      onChange={(values: string[]) => change({ [name]: values })}
    />
  );

  return (
    <form
      className="filters"
      aria-label={t('search.filters')}
      onSubmit={(event) => {
        event.preventDefault();
        if (!phoneTooShort) onSearch(readFilters(draft));
      }}
    >
      <Field label={t('search.text')} wide>
        <Input
          ref={textRef}
          allowClear
          prefix={<SearchOutlined />}
          suffix={<kbd>/</kbd>}
          aria-label={t('search.text')}
          placeholder={t('search.textPlaceholder')}
          maxLength={200}
          value={draft.text ?? ''}
          onChange={(event) => change({ text: event.target.value })}
          data-testid="search-text"
        />
      </Field>
      <Field
        label={phoneTooShort ? t('search.phoneTooShort') : t('search.phone')}
        bad={phoneTooShort}
      >
        <Input
          allowClear
          inputMode="tel"
          autoComplete="off"
          aria-label={t('search.phone')}
          aria-invalid={phoneTooShort}
          {...(phoneTooShort ? { status: 'error' as const } : {})}
          placeholder={t('search.phonePlaceholder')}
          value={draft.phone ?? ''}
          onChange={(event) => change({ phone: event.target.value })}
          data-testid="search-phone"
        />
      </Field>
      <Field label={t('search.dates')}>
        <DatePicker.RangePicker
          allowEmpty={[true, true]}
          value={[dayOf(draft.from), dayOf(draft.to)]}
          placeholder={[t('search.from'), t('search.to')]}
          presets={presets()}
          onChange={(days) => change({ from: days?.[0]?.format(DAY), to: days?.[1]?.format(DAY) })}
          aria-label={t('search.dates')}
        />
      </Field>
      <Field label={t('search.agent')}>
        {pick(
          'agent',
          (vocabulary?.agents ?? []).map(({ id }) => optionOf(id, nameAgent(id, names))),
        )}
      </Field>
      <Field label={t('search.issueType')}>
        {pick(
          'issueType',
          (vocabulary?.issueTypes ?? []).map((value) =>
            optionOf(value, labelOf('issueType', value)),
          ),
        )}
      </Field>
      <Field label={t('search.tier')}>
        {pick(
          'tier',
          TIERS.map((tier) => ({
            value: tier,
            label: <TierMark tier={tier} short />,
            search: `${tier} ${t(`tier.${tier}`)}`,
          })),
        )}
      </Field>
      <MoreFilters
        hidden={!more}
        draft={draft}
        onChange={change}
        team={pick(
          'team',
          (vocabulary?.teams ?? []).map((value) => optionOf(value)),
        )}
        segment={pick(
          'segment',
          (vocabulary?.segments ?? []).map((value) => optionOf(value, labelOf('segment', value))),
        )}
        industry={pick(
          'industry',
          (vocabulary?.industries ?? []).map((value) =>
            optionOf(value, labelOf('industry', value)),
          ),
        )}
      />
      <div className="filter-actions">
        <Button
          type="primary"
          htmlType="submit"
          icon={<SearchOutlined />}
          loading={searching}
          data-testid="search-submit"
        >
          {t('search.submit')}
        </Button>
        <Button disabled={!hasFilters(readFilters(draft))} onClick={() => onSearch({})}>
          {t('search.clear')}
        </Button>
        {saved}
        <Button
          type="text"
          aria-expanded={more}
          icon={more ? <UpOutlined /> : <DownOutlined />}
          onClick={() => setMore(!more)}
        >
          {more ? t('search.less') : t('search.more')}
        </Button>
      </div>
    </form>
  );

  function presets() {
    const today = dayjs().startOf('day');
    const since = (days: number) =>
      [today.subtract(days - 1, 'day'), today] as [dayjs.Dayjs, dayjs.Dayjs];
    const yesterday = today.subtract(1, 'day');
    return [
      { label: t('search.today'), value: since(1) },
      { label: t('search.yesterday'), value: [yesterday, yesterday] as [dayjs.Dayjs, dayjs.Dayjs] },
      { label: t('search.last7'), value: since(7) },
      { label: t('search.last30'), value: since(30) },
      { label: t('search.last90'), value: since(90) },
    ];
  }
}

interface Option {
  value: string;
  label: ReactNode;
  search: string;
}

function optionOf(value: string, label = value): Option {
  return { value, label, search: `${value} ${label}` };
}

function dayOf(text: string | undefined): dayjs.Dayjs | null {
  const day = text === undefined ? undefined : dayjs(text.slice(0, 10), DAY);
  return day?.isValid() ? day : null;
}
