import { type Account, ApiProblem, type Money } from '@florin/sdk';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { setDailyLimit } from '../../api/staff-commands.ts';
import { Amount } from '../../parts/amount.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { focusFirst } from '../../parts/focus-first.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { AmountReadings, placeholderOf } from '../../payment/amount-field.tsx';
import { readAmount } from '../../payment/read-payment.ts';
import { useAccountControl } from './use-account-control.ts';

interface LimitDialogProps {
  readonly account: Account;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Sets how much may leave an account in one day. */
export function LimitDialog({ account, opened, onClose }: LimitDialogProps) {
  const { t } = useTranslation('staffAccount');
  const [isBusy, setBusy] = useState(false);
  return (
    <Dialog opened={opened} onClose={onClose} title={t('limitTitle')} isBusy={isBusy}>
      <LimitForm account={account} onClose={onClose} onBusy={setBusy} />
    </Dialog>
  );
}

function LimitForm({
  account,
  onClose,
  onBusy,
}: Pick<LimitDialogProps, 'account' | 'onClose'> & { readonly onBusy: (isBusy: boolean) => void }) {
  const { t } = useTranslation('staffAccount');
  const { t: shell } = useTranslation();
  const { form, setting, submit } = useLimitForm(account, onClose, onBusy);
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {setting.isError && !isAboutAmount(setting.error) && <ProblemNotice error={setting.error} />}
        <Text size="sm">{t('limitText')}</Text>
        <Facts>
          <Fact label={t('limitNow')}>
            <Amount money={account.dailyLimit} />
          </Fact>
        </Facts>
        <TextInput
          label={t('limit', { currency: account.currency })}
          inputMode="decimal"
          autoComplete="off"
          maxLength={32}
          placeholder={placeholderOf(account.currency)}
          data-autofocus
          key={form.key('limit')}
          {...form.getInputProps('limit')}
        />
        {form.errors['limit'] !== undefined && (
          <AmountReadings
            typed={form.getValues().limit}
            currency={account.currency}
            onChoose={(amount) => form.setFieldValue('limit', amount)}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} disabled={setting.isPending}>
            {shell('cancel')}
          </Button>
          <Button type="submit" loading={setting.isPending}>
            {t('limitSubmit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useLimitForm(account: Account, onDone: () => void, onBusy: (isBusy: boolean) => void) {
  const { t } = useTranslation('payment');
  const setting = useAccountControl((bank, limit: Money) => setDailyLimit(bank, account.id, limit), onDone);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { limit: '' },
    validate: {
      limit(text) {
        const read = readAmount(text, account.currency);
        return 'error' in read ? t(`error.${read.error}`) : null;
      },
    },
  });
  const submit = form.onSubmit(({ limit: text }) => {
    const limit = readAmount(text, account.currency);
    if ('error' in limit) return;
    onBusy(true);
    setting.mutate(limit, {
      onSettled: () => onBusy(false),
      onError: (error) => isAboutAmount(error) && form.setFieldError('limit', error.message),
    });
  }, focusFirst(form));
  return { form, setting, submit };
}

function isAboutAmount(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && error.code === 'invalid-amount';
}
