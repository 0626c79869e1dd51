import { DeleteOutlined, StarOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SavedFilter } from '@voxkeep/contract';
import { App, Button, Empty, Input, Popover } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { savedFiltersQuery } from '../api/queries.ts';
import { problemSentence } from '../shell/problem-words.ts';
import { type Filters, hasFilters, readFilters } from './filters.ts';

/** The viewer's own named searches. */
export function SavedFilters({
  filters,
  onPick,
}: {
  filters: Filters;
  onPick: (filters: Filters) => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const saved = useQuery({ ...savedFiltersQuery, enabled: open });
  const refresh = () => queries.invalidateQueries({ queryKey: savedFiltersQuery.queryKey });
  const failed = (error: Error) => void message.error(problemSentence(error));
  const save = useMutation({
    mutationFn: () =>
      ask<SavedFilter>('/saved-filters', {
        method: 'POST',
        body: { name: name.trim(), query: filters },
      }),
    onSuccess: async () => {
      setName('');
      void message.success(t('saved.saved'));
      await refresh();
    },
    onError: failed,
  });
  const remove = useMutation({
    mutationFn: (id: string) => ask<void>(`/saved-filters/${id}`, { method: 'DELETE' }),
    onSuccess: refresh,
    onError: failed,
  });

  const content = (
    <div className="saved">
      {saved.data?.length ? (
        <ul>
          {saved.data.map((one) => (
            <li key={one.id}>
              <Button
                type="text"
                className="saved-name"
                onClick={() => {
                  onPick(readFilters(one.query));
                  setOpen(false);
                }}
              >
                {one.name}
              </Button>
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined />}
                aria-label={t('saved.remove', { name: one.name })}
                onClick={() => remove.mutate(one.id)}
              />
            </li>
          ))}
        </ul>
      ) : (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('saved.empty')} />
      )}
      {hasFilters(filters) ? (
        <form
          className="saved-new"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') save.mutate();
          }}
        >
          <Input
            aria-label={t('saved.name')}
            placeholder={t('saved.namePlaceholder')}
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button htmlType="submit" loading={save.isPending} disabled={name.trim() === ''}>
            {t('saved.saveButton')}
          </Button>
        </form>
      ) : null}
    </div>
  );

  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      open={open}
      onOpenChange={setOpen}
      title={t('saved.menu')}
      content={content}
    >
      <Button icon={<StarOutlined />} aria-expanded={open} data-testid="saved-filters">
        {t('saved.menu')}
      </Button>
    </Popover>
  );
}
