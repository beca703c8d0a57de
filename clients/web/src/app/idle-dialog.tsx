import { Button, Modal, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { signOut } from '../session/bank.ts';
import { useBank, useSession } from '../session/use-bank.ts';
import { watchIdleness } from './idleness.ts';

/** How long before the end the person is asked (WCAG 2.2.1: at least 20 seconds). */
const WARNING_SECONDS = 60;

/**
 * Signs out who has not touched the page for as long as the bank allows, and asks a minute before. The page's own
 * requests do not count: an open stream would keep a forgotten window signed in for ever.
 */
export function IdleDialog() {
  const { t } = useTranslation();
  const bank = useBank();
  const state = useSession();
  const [secondsLeft, setSecondsLeft] = useState<number>();
  const idleSeconds = state.kind === 'signed-in' ? state.idleSeconds : 0;
  useEffect(() => {
    if (idleSeconds <= WARNING_SECONDS) return undefined;
    return watchIdleness({
      idleSeconds,
      warningSeconds: WARNING_SECONDS,
      onWarning: setSecondsLeft,
      onActive: () => setSecondsLeft(undefined),
      onIdle: () => void signOut(bank),
    });
  }, [idleSeconds, bank]);
  return (
    <Modal
      opened={secondsLeft !== undefined}
      onClose={() => setSecondsLeft(undefined)}
      title={t('idleTitle')}
      withCloseButton={false}
      centered
    >
      <Stack>
        <Text role="timer" aria-live="off">
          {t('idleText', { seconds: secondsLeft ?? 0 })}
        </Text>
        <Button data-autofocus onClick={() => setSecondsLeft(undefined)}>
          {t('stayIn')}
        </Button>
      </Stack>
    </Modal>
  );
}
