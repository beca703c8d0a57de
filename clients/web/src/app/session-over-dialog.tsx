import { Button, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { signInAddress } from '../session/session.ts';
import { useSession } from '../session/use-bank.ts';

/** Says that the session ended, over what was there: nothing is lost, and one comes back to this very page. */
export function SessionOverDialog() {
  const { t } = useTranslation();
  const state = useSession();
  return (
    <Modal
      opened={state.kind === 'expired'}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t('sessionOverTitle')}
      centered
    >
      <Stack>
        <Text>{t('sessionOverText')}</Text>
        <Button component="a" href={signInAddress(window.location.pathname + window.location.search)} data-autofocus>
          {t('signIn')}
        </Button>
      </Stack>
    </Modal>
  );
}
