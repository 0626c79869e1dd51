import { DownloadOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import type { DisposalRunView } from '@voxkeep/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { download } from '../api/download.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

/** The certificate of what a list has disposed of, part by part. */
export function RunCertificate({ run }: { run: DisposalRunView }) {
  const { t } = useTranslation();
  /** Where the next part begins; undefined for the first. */
  const [after, setAfter] = useState<string>();
  const take = useMutation({
    mutationFn: () =>
      download(
        `/disposals/runs/${run.id}/certificate${after === undefined ? '' : `?after=${after}`}`,
        {
          fileName: `disposal-${run.id}.json`,
        },
      ),
    onSuccess: (headers) => setAfter(headers.get('x-voxkeep-next') ?? undefined),
  });
  const none = run.disposed === 0;
  return (
    <section className="card" aria-labelledby="run-certificate">
      <h2 id="run-certificate">{t('disposals.certificate')}</h2>
      <p className="muted">{t(none ? 'disposals.certificateNone' : 'disposals.certificateLead')}</p>
      {take.isError ? <ProblemPanel error={take.error} /> : null}
      {after === undefined ? null : <p>{t('disposals.certificateParts')}</p>}
      <Button
        icon={<DownloadOutlined />}
        disabled={none}
        loading={take.isPending}
        onClick={() => take.mutate()}
        data-testid="run-certificate"
      >
        {t(after === undefined ? 'disposals.certificateJson' : 'disposals.certificateNext')}
      </Button>
    </section>
  );
}
