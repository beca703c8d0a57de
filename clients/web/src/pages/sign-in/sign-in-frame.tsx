import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';

/** The card in the middle of the page that everyone sees before they are somebody. */
export function SignInFrame({
  title,
  lead,
  children,
}: {
  readonly title: string;
  readonly lead?: string | undefined;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('bank')}`;
  }, [title, t]);
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper className="card" p={{ base: 'lg', sm: 'xl' }} w="100%" maw={440}>
        <Stack gap="lg">
          <Group gap="xs">
            <img src="/favicon.svg" alt="" width={36} height={36} />
            <Text fw={700} size="lg">
              {t('bank')}
            </Text>
          </Group>
          <div>
            <Title order={1} size="h2">
              {title}
            </Title>
            {lead && <Text c="dimmed">{lead}</Text>}
          </div>
          {children}
        </Stack>
      </Paper>
    </Center>
  );
}
