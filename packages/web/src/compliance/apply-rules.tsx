import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { RetentionApplied, RetentionApplyIn, RetentionPreview } from '@voxkeep/contract';
import { App, Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { RULES, rulesQuery } from '../api/compliance-queries.ts';
import { callsOf } from '../i18n/calls-of.ts';
import { RefusedChange } from './refused-change.tsx';
import { soonerRecords } from './rule-changes.ts';

interface Apply {
  rules: string;
  preview: RetentionPreview;
  /** A colleague asked for the same. */
  isConfirming: boolean;
  /** The viewer asked for it, and waits for a colleague. */
  isOwn: boolean;
}

/** Puts previewed rules into force. Where records may go sooner it is said aloud, and takes two people. */
export function ApplyRules({ rules, preview, isConfirming, isOwn }: Apply) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const sooner = soonerRecords(preview);
  const [accepts, setAccepts] = useState(false);
  const apply = useMutation({
    mutationFn: (body: RetentionApplyIn) =>
      ask<RetentionApplied>('/retention/rules', { method: 'POST', body }),
    onSuccess: async ({ state, rules: view }) => {
      queries.setQueryData(rulesQuery.queryKey, view);
      const done = state === 'done' ? 'compliance.apply.done' : 'compliance.apply.waits';
      void message.success(t(done));
      await navigate({ to: '/compliance/rules' });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: RULES }),
  });
  const { digest } = preview;
  const missing = sooner > 0 && !accepts ? t('compliance.apply.acceptFirst') : undefined;
  const verb = isConfirming ? 'confirm' : sooner > 0 ? 'ask' : 'now';
  return (
    <section className="card apply" aria-labelledby="apply-rules">
      <h2 id="apply-rules">{t('compliance.apply.title')}</h2>
      {isOwn ? (
        <p data-testid="apply-own">{t('compliance.apply.own')}</p>
      ) : (
        <>
          <p>
            {t(
              isConfirming
                ? 'compliance.apply.leadConfirm'
                : sooner > 0
                  ? 'compliance.apply.leadSooner'
                  : 'compliance.apply.leadNow',
            )}
          </p>
          {sooner > 0 ? (
            <Checkbox
              checked={accepts}
              onChange={({ target }) => setAccepts(target.checked)}
              data-testid="accept-shorter"
            >
              {t('compliance.apply.accept', { calls: callsOf(t, sooner) })}
            </Checkbox>
          ) : null}
          {apply.isError ? <RefusedChange error={apply.error} /> : null}
          <p>
            <Button
              type="primary"
              danger={sooner > 0}
              loading={apply.isPending}
              disabled={missing !== undefined}
              title={missing}
              onClick={() => apply.mutate({ rules, digest, acceptShorter: accepts })}
              data-testid="apply-rules"
            >
              {t(`compliance.apply.${verb}`)}
            </Button>
            {missing === undefined ? null : <span className="muted apply-missing">{missing}</span>}
          </p>
        </>
      )}
    </section>
  );
}
