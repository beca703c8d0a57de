import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkAnchor } from '../../parts/links.tsx';

/** What a stranger sees first: what this is, and the two ways in. */
export function LandingPage() {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${t('bank')} · ${t('tagline')}`;
  }, [t]);
  return (
    <main className="landing">
      <Stack gap="xl" maw={620}>
        <Group gap="sm">
          <img src="/favicon.svg" alt="" width={44} height={44} />
          <Text fw={700} size="xl">
            {t('bank')}
          </Text>
        </Group>
        <Title order={1} className="landing-title">
          {t('landingTitle')}
        </Title>
        <Text size="lg" c="dimmed">
          {t('landingText')}
        </Text>
        <Group>
          <Button component="a" href="/session/login" size="lg">
            {t('signIn')}
          </Button>
          <Button component="a" href="/session/login?screen=sign-up" size="lg" variant="default">
            {t('openAccount')}
          </Button>
        </Group>
        <LinkAnchor to="/docs">{t('apiDocs')}</LinkAnchor>
      </Stack>
    </main>
  );
}
