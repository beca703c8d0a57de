import { answerOf } from '@florin/sdk';
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { myDevicesQuery } from '../../api/credential-queries.ts';
import { formatDay, formatMoment } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Card } from '../../parts/card.tsx';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { useBank } from '../../session/use-bank.ts';
import { ConfirmDialog } from '../profile/confirm-dialog.tsx';

interface DevicesCardProps {
  readonly onSaid: (text: string) => void;
}

/** The browsers one signed in in before. */
export function DevicesCard({ onSaid }: DevicesCardProps) {
  const { t } = useTranslation('credentials');
  const bank = useBank();
  const locale = useLocale();
  const devices = useQuery(myDevicesQuery(bank));
  const forgetting = useForgetting(onSaid);
  return (
    <Card title={t('devices')}>
      <Stack gap="sm">
        <Text size="sm">{t('devicesText')}</Text>
        <DataRegion
          query={devices}
          skeleton={<Skeleton h={80} radius="lg" />}
          isEmpty={(data) => data.length === 0}
          empty={<Nothing title={t('devicesNone')} text={t('devicesNoneNext')} />}
        >
          {(data) => (
            <Stack gap="sm" align="flex-start">
              <ul className="plain-list passkey-list">
                {data.map(({ id, device, knownSince, lastSignInAt }) => {
                  const name = device ?? t('unknownDevice');
                  const last = formatMoment(lastSignInAt, locale);
                  return (
                    <li key={id} className="passkey-item">
                      <div className="passkey-about">
                        <Text fw={600}>{name}</Text>
                        <Text size="sm" c="dimmed">
                          {t('deviceFacts', { since: formatDay(knownSince, locale), last })}
                        </Text>
                      </div>
                      <Button
                        variant="default"
                        size="sm"
                        flex="none"
                        aria-label={t('forgetNamed', { device: name, last })}
                        loading={forgetting.isPending && forgetting.variables === id}
                        onClick={() => forgetting.mutate(id)}
                      >
                        {t('forget')}
                      </Button>
                    </li>
                  );
                })}
              </ul>
              <ForgetAll onSaid={onSaid} />
            </Stack>
          )}
        </DataRegion>
      </Stack>
    </Card>
  );
}

function useForgetting(onSaid: (text: string) => void) {
  const { t } = useTranslation('credentials');
  const bank = useBank();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string | undefined) =>
      id === undefined
        ? answerOf(bank.api.DELETE('/v1/me/devices'))
        : answerOf(bank.api.DELETE('/v1/me/devices/{id}', { params: { path: { id } } })),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: myDevicesQuery(bank).queryKey });
      onSaid(t('forgotten'));
    },
  });
}

function ForgetAll({ onSaid }: DevicesCardProps) {
  const { t } = useTranslation('credentials');
  const [isOpen, dialog] = useDisclosure();
  const forgetting = useForgetting((text) => {
    dialog.close();
    onSaid(text);
  });
  return (
    <Group>
      <Button variant="default" onClick={dialog.open}>
        {t('forgetAll')}
      </Button>
      <ConfirmDialog
        opened={isOpen}
        onClose={dialog.close}
        title={t('forgetAllTitle')}
        text={t('forgetAllText')}
        confirm={t('forgetAll')}
        isPending={forgetting.isPending}
        error={forgetting.error}
        onConfirm={() => forgetting.mutate(undefined)}
      />
    </Group>
  );
}
