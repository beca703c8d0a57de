import { systemClock } from '@florin/primitives';
import { Alert, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Notice } from './intent.ts';

const TICK_MS = 500;

/** Why a payment that was confirmed is to be looked at again: nothing came of it, and nothing was lost. */
export function ReviewNotice({ notice, secondsLeft }: { readonly notice: Notice; readonly secondsLeft: number }) {
  const { t } = useTranslation('payment');
  return (
    <Alert color="yellow" variant="outline" role="status">
      <Text size="sm">
        {notice.kind === 'too-many'
          ? t(secondsLeft > 0 ? 'notice.wait' : 'notice.waited', { seconds: secondsLeft })
          : t(`notice.${notice.kind}`)}
      </Text>
    </Alert>
  );
}

/** Whole seconds until one may send again, as the bank asked; 0 when one may. */
export function useSecondsLeft(notice: Notice | undefined): number {
  const untilMs = notice?.kind === 'too-many' ? notice.untilMs : 0;
  const [nowMs, setNowMs] = useState(systemClock);
  const isWaiting = untilMs > nowMs;
  useEffect(() => {
    if (!isWaiting) return undefined;
    const timer = setInterval(() => setNowMs(systemClock()), TICK_MS);
    return () => clearInterval(timer);
  }, [isWaiting]);
  return isWaiting ? Math.ceil((untilMs - nowMs) / 1_000) : 0;
}
