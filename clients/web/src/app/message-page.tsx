import { Center, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../parts/links.tsx';

/** A page that only says something, and where to go from here. */
export function MessagePage({
  title,
  text,
  action,
}: {
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
}) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('bank')}`;
  }, [title, t]);
  return (
    <Center component="main" mih="70vh" p="md">
      <Stack align="center" gap="md" maw={460}>
        <img src="/favicon.svg" alt="" width={48} height={48} />
        <Title order={1} size="h2" ta="center">
          {title}
        </Title>
        <Text c="dimmed" ta="center">
          {text}
        </Text>
        {action ?? <LinkButton to="/">{t('toStart')}</LinkButton>}
      </Stack>
    </Center>
  );
}
