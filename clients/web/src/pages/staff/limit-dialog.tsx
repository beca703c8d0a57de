import { type Account, ApiProblem } from '@florin/sdk';
import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type LimitWish, setDailyLimit } from '../../api/staff-commands.ts';
import { Amount } from '../../parts/amount.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { focusFirst } from '../../parts/focus-first.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { AmountReadings, placeholderOf } from '../../payment/amount-field.tsx';
import { minorUnits } from '../../payment/minor-units.ts';
import { readAmount } from '../../payment/read-payment.ts';
import { oneLine, REASON_LENGTH_MAX, REASON_LENGTH_MIN } from './one-line.ts';
import { useAccountControl } from './use-account-control.ts';

interface LimitDialogProps {
  readonly account: Account;
  readonly opened: boolean;
  readonly onClose: () => void;
  /** A second person decides about it. */
  readonly onAsked: () => void;
}

/** Sets how much may leave an account in one day; to raise it is asked for, with a reason. */
export function LimitDialog({ account, opened, onClose, onAsked }: LimitDialogProps) {
  const { t } = useTranslation('staffAccount');
  const [isBusy, setBusy] = useState(false);
  return (
    <Dialog opened={opened} onClose={onClose} title={t('limitTitle')} isBusy={isBusy}>
      <LimitForm account={account} onClose={onClose} onAsked={onAsked} onBusy={setBusy} />
    </Dialog>
  );
}

function LimitForm({
  account,
  onClose,
  onAsked,
  onBusy,
}: Omit<LimitDialogProps, 'opened'> & { readonly onBusy: (isBusy: boolean) => void }) {
  const { t } = useTranslation('staffAccount');
  const { t: shell } = useTranslation();
  const onDone = (isAsked: boolean) => {
    if (isAsked) onAsked();
    onClose();
  };
  const { form, setting, submit } = useLimitForm(account, onDone, onBusy);
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
        <Textarea
          label={t('limitWhy')}
          description={t('limitWhyHint')}
          maxLength={REASON_LENGTH_MAX}
          rows={2}
          key={form.key('reason')}
          {...form.getInputProps('reason')}
        />
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

function useLimitForm(account: Account, onDone: (isAsked: boolean) => void, onBusy: (isBusy: boolean) => void) {
  const { t } = useTranslation('payment');
  const { t: staff } = useTranslation('staffAccount');
  const setting = useAccountControl(
    (bank, wish: LimitWish) => setDailyLimit(bank, account.id, wish),
    (answer) => onDone(!('iban' in answer)),
  );
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { limit: '', reason: '' },
    validate: {
      limit(text) {
        const read = readAmount(text, account.currency);
        return 'error' in read ? t(`error.${read.error}`) : null;
      },
      reason: (text, { limit }) =>
        isHigher(limit, account) && oneLine(text).length < REASON_LENGTH_MIN ? staff('reasonShort') : null,
    },
  });
  const submit = form.onSubmit(({ limit: text, reason }) => {
    const limit = readAmount(text, account.currency);
    if ('error' in limit) return;
    onBusy(true);
    const wish = { dailyLimit: limit, reason: oneLine(reason).length < REASON_LENGTH_MIN ? '' : oneLine(reason) };
    setting.mutate(wish, {
      onSettled: () => onBusy(false),
      onError: (error) => isAboutAmount(error) && form.setFieldError('limit', error.message),
    });
  }, focusFirst(form));
  return { form, setting, submit };
}

function isHigher(text: string, { dailyLimit, currency }: Account): boolean {
  const read = readAmount(text, currency);
  return !('error' in read) && minorUnits(read) > minorUnits(dailyLimit);
}

function isAboutAmount(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && error.code === 'invalid-amount';
}
