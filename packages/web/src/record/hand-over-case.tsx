import { useQuery } from '@tanstack/react-query';
import type { CaseHandlers, RecordView } from '@voxkeep/contract';
import { Form, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { mayDo } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { RecordChange, useRecordChange } from './record-change.tsx';

interface HandOver {
  /** `person <id>` or `team <name>`. */
  to: string;
  reason: string;
}

/** A crisis handler hands a case to a colleague, or back to a team. */
export function HandOverCase({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  const session = useSession();
  const change = useRecordChange(
    record.id,
    ({ to, reason }: HandOver) => {
      const [kind, name] = [to.slice(0, to.indexOf(' ')), to.slice(to.indexOf(' ') + 1)];
      const body = { reason, ...(kind === 'person' ? { actorId: name } : { teamId: name }) };
      return ask<undefined>(`/records/${record.id}/case`, { method: 'POST', body });
    },
    () => t('record.caseHandedOver'),
  );
  const handlers = useQuery({
    queryKey: ['case-handlers'],
    queryFn: ({ signal }) => ask<CaseHandlers>('/case-handlers', { signal }),
    enabled: change.open,
  });
  if (!mayDo(session, 'assign_case') || record.tier !== 'core') return null;
  const lead = (
    <>
      {handlers.isError ? <ProblemPanel error={handlers.error} /> : null}
      <p className="dialog-lead">{t('record.handOverNote')}</p>
    </>
  );
  return (
    <RecordChange change={change} title={t('record.handOver')} testId="hand-over" lead={lead}>
      <Form.Item
        name="to"
        label={t('record.handOverTo')}
        rules={[{ required: true, message: t('record.handOverToNeeded') }]}
      >
        <Select
          loading={handlers.isPending}
          options={[
            {
              label: t('record.caseTeams'),
              options: (handlers.data?.teams ?? []).map((team) => ({
                value: `team ${team}`,
                label: team,
              })),
            },
            {
              label: t('record.casePeople'),
              options: (handlers.data?.people ?? []).map(({ id, name }) => ({
                value: `person ${id}`,
                label: name,
              })),
            },
          ]}
        />
      </Form.Item>
    </RecordChange>
  );
}
