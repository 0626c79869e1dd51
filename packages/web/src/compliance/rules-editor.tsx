import { useMutation } from '@tanstack/react-query';
import type { RetentionPreview, RetentionRulesView } from '@voxkeep/contract';
import { Alert, Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { useSession } from '../session/use-session.ts';
import { wrongWords } from '../shell/problem-words.ts';
import { ApplyRules } from './apply-rules.tsx';
import { LinedText, type LinedTextHandle } from './lined-text.tsx';
import { RefusedChange } from './refused-change.tsx';
import { RulePreview } from './rule-preview.tsx';
import { type RuleProblem, ruleProblems } from './rule-problems.ts';
import type { RulesSource } from './rules-source.ts';

interface Editor {
  /** What it begins with. */
  begin: string;
  view: RetentionRulesView;
  source: RulesSource | undefined;
}

/** The text, what is wrong in it by line, and what it would change. What waits is looked at, not changed. */
export function RulesEditor({ begin, view, source }: Editor) {
  const { t } = useTranslation();
  const { actor } = useSession();
  const isWaiting = source === 'waiting';
  const [text, setText] = useState(begin);
  const lines = useRef<LinedTextHandle>(null);
  const preview = useMutation({
    mutationFn: (rules: string) =>
      ask<RetentionPreview>('/retention/rules/preview', { method: 'POST', body: { rules } }),
  });
  const { mutate } = preview;
  useEffect(() => {
    if (isWaiting) mutate(begin);
  }, [isWaiting, begin, mutate]);

  const looked = preview.variables === text ? preview.data : undefined;
  const problems = preview.variables === text ? ruleProblems(preview.error) : undefined;
  const isInForce = text === view.inForce.rules;
  const cannot = isInForce ? t('compliance.edit.unchanged') : undefined;
  const written = (
    <section className="card" aria-labelledby="rules-text">
      <div className="card-line">
        <h2 id="rules-text">{t('compliance.rules.text')}</h2>
        <Button
          type={looked === undefined ? 'primary' : 'default'}
          loading={preview.isPending}
          disabled={cannot !== undefined || text.trim() === ''}
          title={cannot ?? t('compliance.edit.previewKeys')}
          onClick={() => mutate(text)}
          data-testid="preview-rules"
        >
          {t('compliance.edit.preview')}
        </Button>
      </div>
      <LinedText
        ref={lines}
        label={t('compliance.rules.text')}
        text={text}
        readOnly={isWaiting}
        marked={problems?.map(({ line }) => line) ?? []}
        onChange={setText}
        onDone={() => {
          if (cannot === undefined) mutate(text);
        }}
      />
      {problems === undefined ? null : (
        <Problems problems={problems} onOpen={(line) => lines.current?.showLine(line)} />
      )}
      {preview.isError && problems === undefined && preview.variables === text ? (
        <RefusedChange error={preview.error} />
      ) : null}
    </section>
  );
  const changes =
    looked === undefined ? (
      <p className="muted" role="status">
        {preview.isPending
          ? t('compliance.edit.previewing')
          : (cannot ?? t('compliance.edit.previewFirst'))}
      </p>
    ) : (
      <>
        {isWaiting && looked.digest !== view.waiting?.digest ? (
          <Alert type="warning" showIcon title={t('compliance.edit.otherPreview')} />
        ) : null}
        <RulePreview preview={looked} isBelow={!isWaiting} />
        <ApplyRules
          rules={text}
          preview={looked}
          isConfirming={isWaiting}
          isOwn={isWaiting && view.waiting?.actorId === actor.id}
        />
      </>
    );
  // Whoever confirms begins with what it changes.
  return isWaiting ? (
    <>
      {changes}
      {written}
    </>
  ) : (
    <>
      {written}
      {changes}
    </>
  );
}

function Problems({
  problems,
  onOpen,
}: {
  problems: RuleProblem[];
  onOpen: (line: number) => void;
}) {
  const { t } = useTranslation();
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      data-testid="rule-problems"
      title={t('compliance.edit.problems', { n: problems.length })}
      description={
        <ul className="rule-problems">
          {problems.map(({ line, field, text }) => (
            <li key={`${line} ${field} ${text}`}>
              <button type="button" className="link num" onClick={() => onOpen(line)}>
                {t('compliance.edit.line', { n: line })}
              </button>{' '}
              {field === '' ? null : <code>{field}</code>} {wrongWords(text)}
            </li>
          ))}
        </ul>
      }
    />
  );
}
