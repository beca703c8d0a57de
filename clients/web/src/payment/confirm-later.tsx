import type { Challenge } from '@florin/sdk';
import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';

const ConfirmStep = lazy(async () => ({ default: (await import('./confirm-step.tsx')).ConfirmStep }));

interface ConfirmLaterProps {
  readonly intent: { readonly challenge: Challenge };
  readonly isFocused: boolean;
  readonly dispatch: (event: { kind: 'approved'; challengeId: string } | { kind: 'edited' }) => void;
}

/** The step in which a payment is confirmed, fetched when somebody is asked to: most never are. */
export function ConfirmLater({ intent: { challenge }, isFocused, dispatch }: ConfirmLaterProps) {
  return (
    <Suspense fallback={<Skeleton h={260} />}>
      <ConfirmStep
        key={challenge.id}
        challenge={challenge}
        isFocused={isFocused}
        onConfirmed={() => dispatch({ kind: 'approved', challengeId: challenge.id })}
        onEdit={() => dispatch({ kind: 'edited' })}
      />
    </Suspense>
  );
}
