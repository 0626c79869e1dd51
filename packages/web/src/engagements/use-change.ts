import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { type EngagementPart, readAnew } from '../api/engagement-queries.ts';

interface Done<Out> {
  /** Absent while it is being opened. */
  engagementId?: string;
  part?: EngagementPart;
  /** What the person is told. */
  said: string;
  onDone: (changed: Out) => void;
}

/** For a change that is done: its person is told, and what it touched is read anew. */
export function useDone<Out>({ engagementId, part, said, onDone }: Done<Out>) {
  const { message } = App.useApp();
  const queries = useQueryClient();
  return async (changed: Out): Promise<void> => {
    void message.success(said);
    onDone(changed);
    await readAnew(queries, engagementId, part);
  };
}

/** Sends a change of an engagement, and sees to what follows once it is done. */
export function useChange<In, Out>({
  send,
  ...told
}: Done<Out> & { send: (given: In) => Promise<Out> }) {
  const done = useDone(told);
  return useMutation({ mutationFn: send, onSuccess: done });
}
