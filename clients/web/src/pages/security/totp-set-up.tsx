import { answerOf } from '@florin/sdk';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../parts/copy-button.tsx';
import { focusFirst } from '../../parts/focus-first.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import type { FactorCardProps } from './factor-card.ts';
import { QrCode } from './qr-code.tsx';
import { useFactorChange } from './use-factor-change.ts';

/** A secret that a first code is still to confirm. */
export interface BegunTotp {
  readonly secret: string;
  readonly address: string;
}

interface TotpSetUpProps extends Pick<FactorCardProps, 'onChanged'> {
  readonly begun: BegunTotp;
}

/** The secret for the app, to scan or to type, and the code that shows it arrived. */
export function TotpSetUp({ begun, onChanged }: TotpSetUpProps) {
  const { t } = useTranslation('security');
  const groups = begun.secret.replace(/.{4}(?=.)/g, '$& ');
  return (
    <Stack gap="md" w="100%" maw={460}>
      <div>
        <Text fw={600}>{t('scan')}</Text>
        <Text size="sm" c="dimmed">
          {t('scanHint')}
        </Text>
      </div>
      <QrCode text={begun.address} label={t('qrLabel')} />
      <div>
        <Text size="sm">{t('secret')}</Text>
        <Group gap="xs" wrap="nowrap">
          <Text component="code" className="totp-secret">
            {groups}
          </Text>
          <CopyButton value={begun.secret} label={t('copySecret')} />
        </Group>
      </div>
      <ConfirmForm onChanged={onChanged} />
    </Stack>
  );
}

const SIX_DIGITS = /^\d{6}$/;

function ConfirmForm({ onChanged }: Pick<FactorCardProps, 'onChanged'>) {
  const { t } = useTranslation('security');
  const { api } = useBank();
  const confirming = useFactorChange(
    (code: string) => answerOf(api.POST('/v1/me/mfa/totp/confirm', { body: { code } })),
    ({ recoveryCodes }) => onChanged({ text: t('totpAdded'), recoveryCodes }),
  );
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { code: '' },
    validate: { code: (text) => (SIX_DIGITS.test(text.replace(/\s/g, '')) ? null : t('codeShape')) },
  });
  return (
    <form onSubmit={form.onSubmit(({ code }) => confirming.mutate(code), focusFirst(form))} noValidate>
      <Stack>
        {confirming.isError && <ProblemNotice error={confirming.error} />}
        <TextInput
          label={t('confirmCode')}
          description={t('confirmHint')}
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={10}
          key={form.key('code')}
          {...form.getInputProps('code')}
        />
        <Group>
          <Button type="submit" loading={confirming.isPending}>
            {t('confirm')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
