import { DownloadOutlined, ExportOutlined, PlayCircleOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import type { RecordView, Ticket } from '@voxkeep/contract';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { download } from '../api/download.ts';
import { problemSentence } from '../shell/problem-words.ts';

/** What a grant opens beside the page itself: the original, a copy, a package for others. */
export function TakeAway({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { id, may, channel } = record;
  const Sound = channel === 'video' ? 'video' : 'audio';
  const failed = (error: Error) => void message.error(problemSentence(error));
  const take = useMutation({
    mutationFn: (what: 'download' | 'export') =>
      download(`/records/${id}/${what}`, { fileName: `${what}-${id.slice(-8)}` }),
    onError: failed,
  });
  const original = useMutation({
    mutationFn: async () => {
      const body = { stream: 'original' };
      const { ticket } = await ask<Ticket>(`/records/${id}/ticket`, { method: 'POST', body });
      return `/api/v1/records/${id}/original?ticket=${encodeURIComponent(ticket)}`;
    },
    onError: failed,
  });
  return (
    <>
      {may.includes('original') && original.data === undefined ? (
        <Button
          size="small"
          icon={<PlayCircleOutlined />}
          loading={original.isPending}
          onClick={() => original.mutate()}
          data-testid="play-original"
        >
          {t('access.playOriginal')}
        </Button>
      ) : null}
      {(['download', 'export'] as const).map((what) =>
        may.includes(what) ? (
          <Button
            key={what}
            size="small"
            icon={what === 'download' ? <DownloadOutlined /> : <ExportOutlined />}
            loading={take.isPending && take.variables === what}
            onClick={() => take.mutate(what)}
            data-testid={`take-${what}`}
          >
            {t(`access.field.${what}`)}
          </Button>
        ) : null,
      )}
      {original.data === undefined ? null : (
        <Sound
          controls
          controlsList="nodownload"
          className="original-sound"
          src={original.data}
          aria-label={t('access.playOriginal')}
          // Its ticket has ended, or the grant has: asked for anew.
          onError={() => original.reset()}
        />
      )}
    </>
  );
}
