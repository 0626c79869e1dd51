import { useMutation } from '@tanstack/react-query';
import type { IntakeReceipt, Problem } from '@voxkeep/contract';
import { Alert, App, Button, Form, type FormInstance, Progress } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../api/client.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { fieldProblems } from '../shell/problem-words.ts';
import { DropZone } from './drop-zone.tsx';
import {
  fieldOf,
  fieldsOf,
  type MetadataFields,
  MetadataForm,
  metadataOf,
} from './metadata-form.tsx';
import { Receipt } from './receipt.tsx';
import { sendParcel } from './send-parcel.ts';
import { type Parcel, sortFiles } from './sort-files.ts';
import './upload.css';

const EMPTY: Parcel = { screenshots: [] };

/** One call by hand: its files, and what is known about it. */
export function UploadPage() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [form] = Form.useForm<MetadataFields>();
  const [parcel, setParcel] = useState<Parcel>(EMPTY);
  const [share, setShare] = useState(0);
  const [mediaMissing, setMediaMissing] = useState(false);
  const stop = useRef<AbortController>(undefined);

  const send = useMutation<IntakeReceipt, Error, { fields: MetadataFields; media: File }>({
    mutationFn: ({ fields, media }) => {
      stop.current = new AbortController();
      setShare(0);
      const metadata = metadataOf(fields, parcel.sidecar?.metadata);
      return sendParcel(metadata, { ...parcel, media }, setShare, stop.current.signal);
    },
    onError: (error) => {
      if (error instanceof ApiProblem) showInForm(form, error.problem);
    },
  });
  const cancelled = send.isError && stop.current?.signal.aborted === true;

  const addFiles = async (files: File[]) => {
    const sorted = await sortFiles(parcel, files);
    setParcel(sorted.parcel);
    setMediaMissing(false);
    const { sidecar } = sorted.parcel;
    if (sidecar !== undefined && sidecar !== parcel.sidecar) {
      form.setFieldsValue(fieldsOf(sidecar.metadata));
    }
    for (const { kind, name } of sorted.complaints)
      void message.warning(t(`upload.${kind}`, { name }));
  };

  if (send.isSuccess) {
    return (
      <div className="page upload">
        <div className="page-head">
          <h1>{t('upload.title')}</h1>
        </div>
        <Receipt
          receipt={send.data}
          onAnother={() => {
            send.reset();
            setParcel(EMPTY);
            form.resetFields();
          }}
        />
      </div>
    );
  }
  const percent = Math.round(share * 100);
  return (
    <div className="page upload">
      <div className="page-head">
        <h1>{t('upload.title')}</h1>
        <p className="muted">{t('upload.lead')}</p>
      </div>
      <div className="upload-grid">
        <section className="card">
          <DropZone
            parcel={parcel}
            disabled={send.isPending}
            onFiles={(files) => void addFiles(files)}
            onParcel={setParcel}
          />
          {mediaMissing ? (
            <Alert type="error" role="alert" showIcon title={t('upload.mediaNeeded')} />
          ) : null}
          {cancelled ? <Alert type="info" showIcon title={t('upload.cancelled')} /> : null}
          {send.isError && !cancelled ? <ProblemPanel error={send.error} /> : null}
          <div className="upload-foot">
            {send.isPending ? (
              <>
                <div role="status">
                  <Progress percent={percent} aria-label={t('upload.sending', { percent })} />
                  {percent < 100 ? t('upload.sending', { percent }) : t('upload.sealing')}
                </div>
                <Button onClick={() => stop.current?.abort()}>{t('upload.cancel')}</Button>
              </>
            ) : (
              <Button
                type="primary"
                size="large"
                block
                htmlType="submit"
                form="metadata"
                data-testid="upload-submit"
              >
                {t('upload.submit')}
              </Button>
            )}
          </div>
        </section>
        <section className="card" aria-labelledby="metadata-title">
          <div className="sidecar-line">
            <h2 id="metadata-title">{t('upload.metadata')}</h2>
            <p className="muted">
              {parcel.sidecar === undefined
                ? null
                : t('upload.fromSidecar', { name: parcel.sidecar.name })}
            </p>
          </div>
          <MetadataForm
            form={form}
            onSend={(fields) => {
              if (parcel.media === undefined) setMediaMissing(true);
              else send.mutate({ fields, media: parcel.media });
            }}
          />
        </section>
      </div>
    </div>
  );
}

/** What the archive found wrong, at the fields where it can be mended. */
function showInForm(form: FormInstance<MetadataFields>, problem: Problem): void {
  const wrong = fieldProblems(problem).flatMap(({ field, text }) => {
    const name = fieldOf(field);
    return name === undefined ? [] : [{ name, errors: [text] }];
  });
  const [first] = wrong;
  if (first === undefined) return;
  form.setFields(wrong);
  form.scrollToField(first.name, { block: 'center' });
}
