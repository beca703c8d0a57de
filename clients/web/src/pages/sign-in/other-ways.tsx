import { answerOf } from '@florin/sdk';
import { Button, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Building2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';

/** Somebody else who knows people, as the interaction tells of them. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly kind: 'password' | 'redirect';
}

interface OtherWaysProps {
  readonly uid: string;
  readonly providers: readonly Provider[];
  /** The one whose password the form asks for; undefined for this bank. */
  readonly chosen: string | undefined;
  readonly onChoose: (provider: Provider | undefined) => void;
}

/** The ways in by others who know people: another page to go to, or another password for the form above. */
export function OtherWays({ uid, providers, chosen, onChoose }: OtherWaysProps) {
  const { api } = useBank();
  const { t } = useTranslation('signIn');
  const going = useMutation({
    mutationFn: (provider: string) =>
      answerOf(api.POST('/interaction/{uid}/federation/{provider}', { params: { path: { uid, provider } } })),
    onSuccess: ({ location }) => window.location.assign(location),
  });
  return (
    <Stack gap="sm">
      {going.isError && <ProblemNotice error={going.error} />}
      {chosen !== undefined && (
        <Button variant="default" onClick={() => onChoose(undefined)}>
          {t('withOwnPassword')}
        </Button>
      )}
      {providers
        .filter(({ id }) => id !== chosen)
        .map((provider) => (
          <Button
            key={provider.id}
            variant="default"
            leftSection={<Building2 size={18} aria-hidden />}
            loading={going.isPending && going.variables === provider.id}
            onClick={() => (provider.kind === 'redirect' ? going.mutate(provider.id) : onChoose(provider))}
          >
            {t('withProvider', { name: provider.name })}
          </Button>
        ))}
    </Stack>
  );
}
