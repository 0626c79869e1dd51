import { DownloadOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import type { AccessRequestView } from '@voxkeep/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { download } from '../api/download.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

/** A mandate's calls as one ZIP file, for its holder while it is in force. */
export function MandateExport({ request }: { request: AccessRequestView }) {
  const { t } = useTranslation();
  const { actor } = useSession();
  const fetching = useMutation({
    mutationFn: () =>
      download(`/access/mandates/${request.id}/export`, {
        // No record named: all of the scope.
        body: {},
        fileName: `mandate-${request.id.slice(-8)}.zip`,
      }),
  });
  const { kind, state, holder } = request;
  if (kind !== 'mandate' || state !== 'live' || holder?.id !== actor.id) return null;
  return (
    <div className="mandate-export">
      <Button
        type="primary"
        icon={<DownloadOutlined />}
        loading={fetching.isPending}
        onClick={() => fetching.mutate()}
        data-testid="mandate-export"
      >
        {t(fetching.isPending ? 'access.exporting' : 'access.export')}
      </Button>
      <span className="muted">{t('access.exportHint')}</span>
      {fetching.isError ? <ProblemPanel error={fetching.error} /> : null}
    </div>
  );
}
