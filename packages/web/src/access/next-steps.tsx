import type { RequestKind } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';

/** What happens with a request from here on, for the one who asks. */
export function NextSteps({ kind }: { kind: RequestKind }) {
  const { t } = useTranslation();
  const steps = ['one', 'two', 'three', 'four'] as const;
  return (
    <aside className="card next-steps" aria-labelledby="next-steps">
      <h2 id="next-steps">{t('access.next.title')}</h2>
      <ol>
        {steps.map((step) => (
          <li key={step}>{t(`access.next.${kind}.${step}`)}</li>
        ))}
      </ol>
    </aside>
  );
}
