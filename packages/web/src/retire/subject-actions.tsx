import { CheckOutlined, DownloadOutlined, InfoCircleOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { SubjectRequestDetail } from '@voxkeep/contract';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { download } from '../api/download.ts';
import { SUBJECTS } from '../api/subject-queries.ts';
import { codeWords } from '../i18n/label-of.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { ReasonDialog } from '../shell/reason-dialog.tsx';
import { ExtendDialog } from './extend-dialog.tsx';
import { GrantDialog } from './grant-dialog.tsx';

type Act = SubjectRequestDetail['may'][number];
type Asking = Exclude<Act, 'take_copy'>;
/** In this order, as far as the archive offers them. */
const ASKING = ['grant', 'refuse', 'extend', 'withdraw'] as const satisfies Asking[];

/** What this officer may do with the request now; why they may not grant it is told. */
export function SubjectActions({ request }: { request: SubjectRequestDetail }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [open, setOpen] = useState<Asking>();
  const { may, state } = request;
  const done = (act: Act) => {
    void message.success(t(`subjects.done.${act}`));
    setOpen(undefined);
    void queries.invalidateQueries({ queryKey: SUBJECTS });
  };
  const needsAnother = state === 'received' && !may.includes('grant');
  if (may.length === 0 && !needsAnother) return null;
  return (
    <div className="run-actions">
      {needsAnother ? (
        <p className="may-not" data-testid="may-not-grant">
          <InfoCircleOutlined aria-hidden="true" />
          <span>
            <strong>{t('subjects.mayNotGrant')}</strong>
            {codeWords('SUBJECT_SECOND_PERSON')}
          </span>
        </p>
      ) : null}
      {may.includes('take_copy') ? (
        <TakeCopy id={request.id} onDone={() => done('take_copy')} />
      ) : null}
      {ASKING.filter((act) => may.includes(act)).map((act) => (
        <Button
          key={act}
          {...(act === 'grant' ? ({ type: 'primary', icon: <CheckOutlined /> } as const) : {})}
          onClick={() => setOpen(act)}
          data-testid={`subject-${act}`}
        >
          {t(`subjects.${act}`)}
        </Button>
      ))}
      {open === undefined || !may.includes(open) ? null : (
        <OpenDialog
          request={request}
          act={open}
          onDone={() => done(open)}
          onClose={() => setOpen(undefined)}
        />
      )}
    </div>
  );
}

function OpenDialog({
  request,
  act,
  onDone,
  onClose,
}: {
  request: SubjectRequestDetail;
  act: Asking;
  onDone: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  if (act === 'grant') return <GrantDialog request={request} onDone={onDone} onClose={onClose} />;
  if (act === 'extend') return <ExtendDialog id={request.id} onDone={onDone} onClose={onClose} />;
  return (
    <ReasonDialog
      send={(reason) =>
        ask(`/subject-requests/${request.id}/${act}`, { method: 'POST', body: { reason } })
      }
      title={t(`subjects.${act}Title`)}
      lead={t(`subjects.${act}Lead`)}
      confirm={t(`subjects.${act}`)}
      onDone={onDone}
      onClose={onClose}
    />
  );
}

/** The granted copy, once. */
function TakeCopy({ id, onDone }: { id: string; onDone: () => void }) {
  const { t } = useTranslation();
  const take = useMutation({
    mutationFn: () =>
      download(`/subject-requests/${id}/copy`, {
        ...{ body: {}, fileName: `voxkeep-copy-${id}.zip` },
      }),
    onSuccess: onDone,
  });
  return (
    <>
      {take.isError ? <ProblemPanel error={take.error} /> : null}
      <Button
        type="primary"
        icon={<DownloadOutlined />}
        loading={take.isPending}
        onClick={() => take.mutate()}
        data-testid="take-copy"
      >
        {t(take.isPending ? 'subjects.taking' : 'subjects.takeCopy')}
      </Button>
      <span className="muted">{t('subjects.takeHint')}</span>
    </>
  );
}
