import { SearchOutlined } from '@ant-design/icons';
import { AutoComplete, Button, DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { Field } from '../search/field.tsx';
import { actionsByKind } from './action-kinds.ts';
import { isAskable, type LedgerFilter, OUTCOMES, readLedgerFilter } from './ledger-filter.ts';

const DAY = 'YYYY-MM-DD';

interface Filters {
  filter: LedgerFilter;
  /** People that were seen in entries: the ledger holds ids, names are looked up for the page. */
  people: { id: string; name: string }[];
  busy: boolean;
  onApply: (filter: LedgerFilter) => void;
}

/** By whom, on what, which act, how it ended, when. Asked for with the button: each look is on record. */
export function LedgerFilters({ filter, people, busy, onApply }: Filters) {
  const { t, i18n } = useTranslation();
  const [draft, setDraft] = useState(filter);
  useEffect(() => setDraft(filter), [filter]);
  const change = (part: { [name in keyof LedgerFilter]?: LedgerFilter[name] | undefined }) =>
    setDraft((before) => ({ ...before, ...part }) as LedgerFilter);
  const actions = useMemo(
    () =>
      actionsByKind().map(({ kind, actions }) => ({
        label: t('ledger.kind', { kind: labelOf('ledger.kinds', kind) }),
        options: [
          {
            value: `${kind}.`,
            label: t('ledger.wholeKind', { kind: labelOf('ledger.kinds', kind) }),
          },
          ...actions.map((value) => ({ value, label: labelOf('action', value) })),
        ],
      })),
    [t, i18n.language],
  );
  const badActor = !isAskable('actor', draft.actor);
  const badRecord = !isAskable('record', draft.record);
  return (
    <form
      className="ledger-filters"
      aria-label={t('search.filters')}
      onSubmit={(event) => {
        event.preventDefault();
        if (!badActor && !badRecord) onApply(readLedgerFilter({ ...draft }));
      }}
    >
      <Field label={t('ledger.actor')} bad={badActor}>
        <AutoComplete
          allowClear
          aria-label={t('ledger.actor')}
          placeholder={t('ledger.actorPlaceholder')}
          value={draft.actor ?? ''}
          options={people.map(({ id, name }) => ({
            value: id,
            label: (
              <span>
                {name} <span className="muted">…{id.slice(-6)}</span>
              </span>
            ),
            name,
          }))}
          showSearch={{
            filterOption: (typed, option) =>
              `${option?.name ?? ''} ${option?.value ?? ''}`.includes(typed),
          }}
          onChange={(actor: string | undefined) => change({ actor })}
          data-testid="ledger-actor"
        />
      </Field>
      <Field label={t('ledger.resource')} bad={badRecord}>
        <Input
          allowClear
          autoComplete="off"
          aria-label={t('ledger.resource')}
          placeholder={t('ledger.resourcePlaceholder')}
          value={draft.record ?? ''}
          onChange={({ target }) => change({ record: target.value })}
          data-testid="ledger-record"
        />
      </Field>
      <Field label={t('ledger.action')}>
        <Select
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('ledger.action')}
          placeholder={t('search.any')}
          value={draft.action ?? null}
          options={actions}
          onChange={(action: string | null | undefined) => change({ action: action ?? undefined })}
        />
      </Field>
      <Field label={t('ledger.outcome')}>
        <Select
          allowClear
          aria-label={t('ledger.outcome')}
          placeholder={t('search.any')}
          value={draft.outcome ?? null}
          options={OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) }))}
          onChange={(outcome: LedgerFilter['outcome'] | null) =>
            change({ outcome: outcome ?? undefined })
          }
        />
      </Field>
      <Field label={t('ledger.days')}>
        <DatePicker.RangePicker
          allowEmpty={[true, true]}
          aria-label={t('ledger.days')}
          placeholder={[t('search.from'), t('search.to')]}
          value={[dayOf(draft.from), dayOf(draft.to)]}
          onChange={(days) => change({ from: days?.[0]?.format(DAY), to: days?.[1]?.format(DAY) })}
        />
      </Field>
      <div className="ledger-filter-buttons">
        <Button
          type="primary"
          htmlType="submit"
          icon={<SearchOutlined />}
          loading={busy}
          data-testid="ledger-apply"
        >
          {t('ledger.apply')}
        </Button>
        <Button disabled={Object.keys(filter).length === 0} onClick={() => onApply({})}>
          {t('search.clear')}
        </Button>
      </div>
    </form>
  );
}

function dayOf(text: string | undefined): dayjs.Dayjs | null {
  return text === undefined ? null : dayjs(text, DAY);
}
