import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDay } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Card } from '../../parts/card.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { LinkButton } from '../../parts/links.tsx';
import { Page } from '../../parts/page.tsx';
import { useHasRole, useUser } from '../../session/use-bank.ts';
import { RenameDialog } from './rename-dialog.tsx';
import { SettingsCard } from './settings-card.tsx';

/** Who one is here, how the page looks, and where one is signed in. */
export function ProfilePage() {
  const { t } = useTranslation('profile');
  return (
    <Page title={t('title')}>
      <AboutCard />
      <SettingsCard />
      <Card title={t('safety')}>
        <Stack gap="sm">
          <Group justify="space-between" gap="sm">
            <Text size="sm">{t('securityText')}</Text>
            <LinkButton to="/security" variant="default">
              {t('toSecurity')}
            </LinkButton>
          </Group>
          <Group justify="space-between" gap="sm">
            <Text size="sm">{t('sessionsText')}</Text>
            <LinkButton to="/sessions" variant="default">
              {t('toSessions')}
            </LinkButton>
          </Group>
          <Group justify="space-between" gap="sm">
            <Text size="sm">{t('consentsText')}</Text>
            <LinkButton to="/consents" variant="default">
              {t('toConsents')}
            </LinkButton>
          </Group>
        </Stack>
      </Card>
    </Page>
  );
}

function AboutCard() {
  const { t } = useTranslation('profile');
  const { t: staff } = useTranslation('staff');
  const locale = useLocale();
  const { name, email, registeredAt, roles } = useUser();
  const isCustomer = useHasRole('customer');
  return (
    <Card title={t('about')}>
      <Facts>
        <Fact label={t('name')}>
          <Name name={name} />
        </Fact>
        <Fact label={t('email')}>{email}</Fact>
        <Fact label={t(isCustomer ? 'since' : 'sinceStaff')}>{formatDay(registeredAt, locale)}</Fact>
        <Fact label={t('roles')}>{roles.map((role) => staff(`role.${role}`)).join(', ')}</Fact>
      </Facts>
    </Card>
  );
}

function Name({ name }: { readonly name: string }) {
  const { t } = useTranslation('profile');
  const [isOpen, dialog] = useDisclosure();
  const [isRenamed, setRenamed] = useState(false);
  return (
    <Group gap="xs">
      <span>{name}</span>
      <Button variant="default" size="compact-sm" aria-label={t('renameLabel')} onClick={dialog.open}>
        {t('rename')}
      </Button>
      <RenameDialog name={name} opened={isOpen} onClose={dialog.close} onRenamed={() => setRenamed(true)} />
      <Text component="span" size="sm" role="status" c="dimmed">
        {isRenamed && t('renamed')}
      </Text>
    </Group>
  );
}
