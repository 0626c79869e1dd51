import { useQuery } from '@tanstack/react-query';
import type { ProvidersView } from '@voxkeep/contract';
import { Button, Divider } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';

export type Provider = ProvidersView['providers'][number];

/** The configured ways to sign in beside the archive's own accounts. */
export function useProviders(): { providers: readonly Provider[]; nameOf(one: Provider): string } {
  const { i18n } = useTranslation();
  const { data } = useQuery({
    queryKey: ['providers'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => ask<ProvidersView>('/session/providers', { signal }),
  });
  const language = i18n.language.startsWith('en') ? 'en' : 'zh';
  return { providers: data?.providers ?? [], nameOf: ({ label }) => label[language] };
}

/** A button a way: to the provider's pages, or to its name and password in the form above. */
export function ProviderWays({
  chosen,
  onChoose,
}: {
  chosen: string | undefined;
  onChoose: (id: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const { providers, nameOf } = useProviders();
  if (providers.length === 0) return null;
  return (
    <div className="ways" data-testid="provider-ways">
      <Divider plain>{t('signIn.orBy')}</Divider>
      {providers.map((one) =>
        one.kind === 'redirect' ? (
          <Button key={one.id} block size="large" href={`/auth/${one.id}/start`}>
            {nameOf(one)}
          </Button>
        ) : (
          <Button
            key={one.id}
            block
            size="large"
            aria-pressed={chosen === one.id}
            onClick={() => onChoose(chosen === one.id ? undefined : one.id)}
          >
            {chosen === one.id ? t('signIn.ownAccounts') : nameOf(one)}
          </Button>
        ),
      )}
    </div>
  );
}
