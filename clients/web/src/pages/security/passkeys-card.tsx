import { answerOf, type Factors } from '@florin/sdk';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { formatDay, formatMoment } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Card } from '../../parts/card.tsx';
import { useBank } from '../../session/use-bank.ts';
import { ConfirmDialog } from '../profile/confirm-dialog.tsx';
import { AddPasskey } from './add-passkey.tsx';
import type { FactorCardProps } from './factor-card.ts';
import { useFactorChange } from './use-factor-change.ts';

type Passkey = Factors['passkeys'][number];

/** The passkeys one has, and another. */
export function PasskeysCard({ factors, onChanged }: FactorCardProps) {
  const { t } = useTranslation('security');
  return (
    <Card title={t('passkeys')}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{t('passkeysText')}</Text>
        {factors.passkeys.length === 0 ? (
          <Text size="sm" fw={600}>
            {t('passkeysNone')}
          </Text>
        ) : (
          <ul className="plain-list passkey-list">
            {factors.passkeys.map((passkey) => (
              <PasskeyItem key={passkey.id} passkey={passkey} isFresh={factors.fresh} onChanged={onChanged} />
            ))}
          </ul>
        )}
        {factors.fresh && <AddPasskey onChanged={onChanged} />}
      </Stack>
    </Card>
  );
}

interface PasskeyItemProps extends Pick<FactorCardProps, 'onChanged'> {
  readonly passkey: Passkey;
  readonly isFresh: boolean;
}

function PasskeyItem({ passkey, isFresh, onChanged }: PasskeyItemProps) {
  const { t } = useTranslation('security');
  const locale = useLocale();
  const used =
    passkey.lastUsedAt === null
      ? t('passkeyUnused')
      : t('passkeyUsed', { moment: formatMoment(passkey.lastUsedAt, locale) });
  return (
    <li className="passkey-item">
      <div className="passkey-about">
        <Text fw={600} className="passkey-name">
          {passkey.name}
        </Text>
        <Text size="sm" c="dimmed">
          {t('passkeyMade', { day: formatDay(passkey.createdAt, locale) })}, {used}
        </Text>
      </div>
      {isFresh && <RemovePasskey passkey={passkey} onChanged={onChanged} />}
    </li>
  );
}

function RemovePasskey({ passkey, onChanged }: Omit<PasskeyItemProps, 'isFresh'>) {
  const { t } = useTranslation('security');
  const { api } = useBank();
  const [isOpen, dialog] = useDisclosure();
  const removing = useFactorChange(
    () => answerOf(api.DELETE('/v1/me/mfa/passkeys/{id}', { params: { path: { id: passkey.id } } })),
    () => onChanged({ text: t('passkeyRemoved') }),
  );
  return (
    <Group>
      <Button
        variant="default"
        size="sm"
        aria-label={t('passkeyRemoveNamed', { name: passkey.name })}
        onClick={dialog.open}
      >
        {t('passkeyRemove')}
      </Button>
      <ConfirmDialog
        opened={isOpen}
        onClose={dialog.close}
        title={t('passkeyRemoveTitle', { name: passkey.name })}
        text={t('passkeyRemoveText')}
        confirm={t('passkeyRemove')}
        isPending={removing.isPending}
        error={removing.error}
        onConfirm={() => removing.mutate(undefined)}
      />
    </Group>
  );
}
