import { DownloadOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { EngagementView, SampleView } from '@voxkeep/contract';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { download } from '../api/download.ts';
import { sampleQuery } from '../api/engagement-queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { DrawSample } from './draw-sample.tsx';
import { forgetNonce } from './sample-nonce.ts';
import { useChange } from './use-change.ts';

interface OneSample {
  engagement: EngagementView;
  sample: SampleView;
}

/** Drawing it or giving it up, for its auditors; its files, for both sides. */
export function SampleActions({ engagement, sample }: OneSample) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<'draw' | 'give-up'>();
  const waits = sample.state === 'asked' && engagement.may.includes('examine');
  const close = () => setOpen(undefined);
  return (
    <div className="hold-actions">
      {waits ? (
        <>
          <Button type="primary" onClick={() => setOpen('draw')} data-testid="draw-sample">
            {t('engagementSample.draw')}
          </Button>
          <Button onClick={() => setOpen('give-up')} data-testid="give-up-sample">
            {t('engagementSample.giveUp')}
          </Button>
        </>
      ) : null}
      {sample.state === 'drawn' ? <TakeFile sample={sample} file="proof" /> : null}
      <TakeFile sample={sample} file="population" />
      {open === 'draw' ? (
        <DrawSample engagementId={engagement.id} sample={sample} onClose={close} />
      ) : null}
      {open === 'give-up' ? (
        <GiveUp engagementId={engagement.id} sample={sample} onClose={close} />
      ) : null}
    </div>
  );
}

const FILES = { proof: 'json', population: 'txt' } as const;

function TakeFile({ sample, file }: { sample: SampleView; file: keyof typeof FILES }) {
  const { t } = useTranslation();
  const { id, engagementId } = sample;
  const take = useMutation({
    mutationFn: () =>
      download(`/engagements/${engagementId}/samples/${id}/${file}`, {
        fileName: `${file}-${id}.${FILES[file]}`,
      }),
  });
  return (
    <>
      <Button
        icon={<DownloadOutlined />}
        loading={take.isPending}
        onClick={() => take.mutate()}
        data-testid={`take-${file}`}
      >
        {t(`engagementSample.take.${file}`)}
      </Button>
      {take.isError ? <ProblemPanel error={take.error} /> : null}
    </>
  );
}

function GiveUp({
  engagementId,
  sample,
  onClose,
}: {
  engagementId: string;
  sample: SampleView;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { id, commitment } = sample;
  const give = useChange<void, SampleView>({
    engagementId,
    part: 'samples',
    send: () => ask(`/engagements/${engagementId}/samples/${id}/give-up`, { method: 'POST' }),
    said: t('engagementSample.givenUp'),
    onDone: (changed) => {
      forgetNonce(commitment);
      queries.setQueryData(sampleQuery(engagementId, id).queryKey, changed);
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t('engagementSample.giveUp')}
      okText={t('engagementSample.giveUp')}
      cancelText={t('shell.cancel')}
      confirmLoading={give.isPending}
      okButtonProps={{ danger: true, 'data-testid': 'give-up-confirm' }}
      onOk={() => give.mutate()}
      onCancel={onClose}
    >
      {give.isError ? <ProblemPanel error={give.error} /> : null}
      <p className="dialog-lead">{t('engagementSample.giveUpLead')}</p>
    </Modal>
  );
}
