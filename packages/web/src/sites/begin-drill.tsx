import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DrillIn, DrillKind, DrillsView, SiteView } from '@voxkeep/contract';
import { App, Button, Form, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { drillsQuery } from '../api/recovery-queries.ts';
import { labelOf } from '../i18n/label-of.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

const KINDS = ['sample', 'whole'] as const;

/** Opens the dialog, where a drill can begin now. */
export function BeginDrill({
  sites,
  view,
  onOpen,
}: {
  sites: readonly SiteView[];
  view: DrillsView | undefined;
  onOpen: () => void;
}) {
  const { t } = useTranslation();
  const goesOn = view?.drills.some(({ outcome }) => outcome === undefined) ?? false;
  const away = sites.every(({ reachable }) => !reachable);
  return (
    <Button
      type="primary"
      disabled={goesOn || away || view === undefined}
      title={goesOn ? t('recovery.running') : undefined}
      onClick={onOpen}
      data-testid="begin-drill"
    >
      {t('recovery.begin')}
    </Button>
  );
}

/** Begins a drill, after it has said what that will do. */
export function BeginDialog({
  sites,
  first,
  onClose,
}: {
  sites: readonly SiteView[];
  /** The site whose turn it is. */
  first: string | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const there = sites.filter(({ reachable }) => reachable);
  const [site, setSite] = useState(
    () => (there.find(({ name }) => name === first) ?? there[0])?.name ?? '',
  );
  const [kind, setKind] = useState<DrillKind>('sample');
  const begin = useMutation({
    mutationFn: (body: DrillIn) => ask<DrillsView>('/drills', { method: 'POST', body }),
    onSuccess: (now) => {
      queries.setQueryData(drillsQuery.queryKey, now);
      void message.success(t('recovery.begun'));
      onClose();
    },
    // Refused because another one goes on: that one is shown at once.
    onSettled: () => queries.invalidateQueries({ queryKey: drillsQuery.queryKey }),
  });
  const words = { site: labelOf('site', site) };
  return (
    <Modal
      open
      title={t('recovery.beginTitle')}
      okText={t('recovery.beginOk')}
      cancelText={t('shell.cancel')}
      confirmLoading={begin.isPending}
      okButtonProps={{ 'data-testid': 'drill-confirm' }}
      onOk={() => begin.mutate({ site, kind })}
      onCancel={onClose}
    >
      {begin.isError ? <ProblemPanel error={begin.error} /> : null}
      <Form layout="vertical" component="div">
        <Form.Item label={t('recovery.beginSite')}>
          <Radio.Group
            aria-label={t('recovery.beginSite')}
            value={site}
            options={sites.map(({ name, reachable }) => ({
              value: name,
              disabled: !reachable,
              label: reachable
                ? labelOf('site', name)
                : `${labelOf('site', name)} (${t('recovery.lostAway')})`,
            }))}
            onChange={({ target }) => setSite(target.value as string)}
          />
        </Form.Item>
        <Form.Item label={t('recovery.beginKind')}>
          <Radio.Group
            aria-label={t('recovery.beginKind')}
            value={kind}
            options={KINDS.map((one) => ({ value: one, label: t(`recovery.kind.${one}`) }))}
            onChange={({ target }) => setKind(target.value as DrillKind)}
          />
        </Form.Item>
      </Form>
      <p className="dialog-lead" aria-live="polite" data-testid="drill-does">
        {t(kind === 'whole' ? 'recovery.beginWhole' : 'recovery.beginSample', words)}
      </p>
      <p className="muted">{t('recovery.beginUntouched')}</p>
    </Modal>
  );
}
