import { useQueryClient } from '@tanstack/react-query';
import type { HoldView } from '@voxkeep/contract';
import { App } from 'antd';
import { HOLDS, holdQuery } from '../api/compliance-queries.ts';
import { ReasonDialog } from '../shell/reason-dialog.tsx';

interface Leave {
  title: string;
  lead: string;
  done: string;
  send: (reason: string) => Promise<HoldView>;
  onClose: () => void;
}

/** Records leave a hold, one or all of them: with a reason that stays. */
export function LeaveDialog({ title, done, onClose, ...asked }: Leave) {
  const { message } = App.useApp();
  const queries = useQueryClient();
  const left = (hold: HoldView) => {
    queries.setQueryData(holdQuery(hold.id).queryKey, hold);
    void message.success(done);
    onClose();
    return queries.invalidateQueries({ queryKey: HOLDS });
  };
  return (
    <ReasonDialog
      {...asked}
      title={title}
      confirm={title}
      longest={2000}
      onDone={left}
      onClose={onClose}
    />
  );
}
