import { useMutation } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { download } from '../api/download.ts';
import { problemSentence } from '../shell/problem-words.ts';

const KINDS = ['pdf', 'json'] as const;

/** The certificate of one record that is gone: on paper, and as the file that proves. */
export function CertificateLinks({ recordId }: { recordId: string }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const take = useMutation({
    mutationFn: (kind: (typeof KINDS)[number]) =>
      download(`/records/${recordId}/disposal/certificate${kind === 'pdf' ? '.pdf' : ''}`, {
        fileName: `disposal-${recordId}.${kind}`,
      }),
    onError: (error) => void message.error(problemSentence(error)),
  });
  return (
    <span className="certificate-links">
      {KINDS.map((kind) => (
        <Button
          key={kind}
          size="small"
          disabled={take.isPending}
          aria-label={t('disposals.certificateOf', {
            ...{ id: recordId.slice(-8), kind: kind.toUpperCase() },
          })}
          onClick={() => take.mutate(kind)}
          data-testid={`certificate-${kind}`}
        >
          {kind.toUpperCase()}
        </Button>
      ))}
    </span>
  );
}
