import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { SignInFrame } from './sign-in-frame.tsx';

/** The sign-in took too long, or belongs to another browser window. */
export function InteractionOver() {
  const { t } = useTranslation('signIn');
  return (
    <SignInFrame title={t('overTitle')} lead={t('overText')}>
      <Button component="a" href="/session/login">
        {t('beginAgain')}
      </Button>
    </SignInFrame>
  );
}
