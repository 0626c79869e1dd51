import { DownloadOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keepFile } from '../api/download.ts';
import { askForEntries } from '../api/ledger-queries.ts';
import { useSession } from '../session/use-session.ts';
import { problemSentence } from '../shell/problem-words.ts';
import type { LedgerFilter } from './ledger-filter.ts';

/** What one browser tab carries without trouble; a larger extract is narrowed by its days. */
const MOST_LINES = 100_000;

/** All that the shown filter finds, one JSON object a line, newest first. */
export function ExportEntries({ filter, disabled }: { filter: LedgerFilter; disabled: boolean }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { timeZone } = useSession();
  const [lines, setLines] = useState(0);
  const stop = useRef<AbortController>(undefined);
  const run = useMutation({
    mutationFn: async () => {
      stop.current = new AbortController();
      const { signal } = stop.current;
      const parts: string[] = [];
      let before: number | undefined;
      let count = 0;
      do {
        const page = await askForEntries(filter, timeZone, before, signal);
        for (const entry of page.entries) parts.push(`${JSON.stringify(entry)}\n`);
        count += page.entries.length;
        setLines(count);
        before = page.next;
      } while (before !== undefined && count < MOST_LINES);
      const day = new Date().toISOString().slice(0, 10);
      keepFile(new Blob(parts, { type: 'application/x-ndjson' }), `ledger-${day}.jsonl`);
      return { count, whole: before === undefined };
    },
    onSuccess: ({ count, whole }) => {
      const n = count.toLocaleString('en');
      if (whole) void message.success(t('ledger.exported', { n }));
      else void message.warning(t('ledger.exportedPart', { n }));
    },
    onError: (error) => {
      if (stop.current?.signal.aborted !== true) void message.error(problemSentence(error));
    },
    onSettled: () => setLines(0),
  });
  return run.isPending ? (
    <Button onClick={() => stop.current?.abort()}>
      <span className="num" role="status">
        {t('ledger.exporting', { n: lines.toLocaleString('en') })}
      </span>
    </Button>
  ) : (
    <Button
      icon={<DownloadOutlined />}
      disabled={disabled}
      onClick={() => run.mutate()}
      data-testid="ledger-export"
    >
      {t('ledger.export')}
    </Button>
  );
}
