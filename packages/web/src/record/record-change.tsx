import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, type FormInstance, Input, Modal, message } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemPanel } from '../shell/problem-panel.tsx';

/** A change of a record by a person's judgement: its dialog, what it sends, and what it says when done. */
export interface Change<Fields extends { reason: string }, Answer> {
  open: boolean;
  setOpen: (open: boolean) => void;
  form: FormInstance<Fields>;
  sending: UseMutationResult<Answer, Error, Fields>;
}

/** Sends the fields of the dialog; afterwards the record is read anew. */
export function useRecordChange<Fields extends { reason: string }, Answer>(
  recordId: string,
  send: (fields: Fields) => Promise<Answer>,
  saidWhenDone: (answer: Answer) => string,
): Change<Fields, Answer> {
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm<Fields>();
  const sending = useMutation({
    mutationFn: send,
    onSuccess: async (answer: Answer) => {
      setOpen(false);
      void message.success(saidWhenDone(answer));
      await queries.invalidateQueries({ queryKey: ['record', recordId] });
    },
  });
  return { open, setOpen, form, sending };
}

interface Dialog<Fields extends { reason: string }, Answer> {
  change: Change<Fields, Answer>;
  title: string;
  /** Of the button; with `-confirm` and `-reason` of what is in the dialog. */
  testId: string;
  lead?: ReactNode;
  /** What is asked for besides the reason. */
  children: ReactNode;
}

/** The button of a panel, and the dialog behind it that wants a reason. */
export function RecordChange<Fields extends { reason: string }, Answer>({
  change,
  title,
  testId,
  lead,
  children,
}: Dialog<Fields, Answer>) {
  const { t } = useTranslation();
  const { open, setOpen, form, sending } = change;
  return (
    <>
      <Button
        size="small"
        className="panel-action"
        onClick={() => setOpen(true)}
        data-testid={testId}
      >
        {title}
      </Button>
      <Modal
        open={open}
        title={title}
        okText={title}
        cancelText={t('shell.cancel')}
        confirmLoading={sending.isPending}
        okButtonProps={{ 'data-testid': `${testId}-confirm` }}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        {sending.isError ? <ProblemPanel error={sending.error} /> : null}
        {lead}
        <Form form={form} layout="vertical" onFinish={(fields) => sending.mutate(fields)}>
          {children}
          <Form.Item
            name="reason"
            label={t('access.reason')}
            rules={[
              { required: true, min: 2, whitespace: true, message: t('access.reasonNeeded') },
            ]}
          >
            <Input.TextArea rows={3} maxLength={500} data-testid={`${testId}-reason`} />
          </Form.Item>
        </Form>
      </Modal>
    </>
  );
}
