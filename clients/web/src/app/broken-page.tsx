import { Button } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { MessagePage } from './message-page.tsx';
import { claimReload, currentBuild } from './missing-chunk.ts';

/** What is shown instead of a page that threw: never a blank one. A tab of an earlier build loads the new one by itself. */
export function BrokenPage({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  useEffect(() => {
    if (claimReload(error, currentBuild(), sessionStorage)) window.location.reload();
  }, [error]);
  return (
    <MessagePage
      title={t('brokenTitle')}
      text={t('brokenText')}
      action={<Button onClick={() => window.location.reload()}>{t('reload')}</Button>}
    />
  );
}
