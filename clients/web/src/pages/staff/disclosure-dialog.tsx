import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { discloseCustomer } from '../../api/staff-commands.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { focusFirst } from '../../parts/focus-first.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { oneLine, REASON_LENGTH_MAX, REASON_LENGTH_MIN } from './one-line.ts';

interface DisclosureDialogProps {
  readonly customerId: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  /** The address; it is kept by the page that shows it, and nowhere else. */
  readonly onShown: (email: string) => void;
}

/** Asks why somebody wants to see what is masked; the reason goes on record. */
export function DisclosureDialog({ opened, onClose, ...rest }: DisclosureDialogProps) {
  const { t } = useTranslation('staffCustomers');
  return (
    <Dialog opened={opened} onClose={onClose} title={t('showTitle')}>
      <DisclosureForm onClose={onClose} {...rest} />
    </Dialog>
  );
}

function DisclosureForm({ customerId, onClose, onShown }: Omit<DisclosureDialogProps, 'opened'>) {
  const { t } = useTranslation('staffCustomers');
  const { t: shell } = useTranslation();
  const bank = useBank();
  const disclose = useMutation({
    mutationFn: (reason: string) => discloseCustomer(bank, customerId, reason),
    onSuccess: ({ email }) => {
      onShown(email);
      onClose();
    },
  });
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { reason: '' },
    validate: { reason: (text) => (oneLine(text).length < REASON_LENGTH_MIN ? t('reasonShort') : null) },
  });
  return (
    <form onSubmit={form.onSubmit(({ reason }) => disclose.mutate(oneLine(reason)), focusFirst(form))} noValidate>
      <Stack>
        {disclose.isError && <ProblemNotice error={disclose.error} />}
        <Text size="sm">{t('showText')}</Text>
        <Textarea
          label={t('showWhy')}
          maxLength={REASON_LENGTH_MAX}
          rows={2}
          data-autofocus
          key={form.key('reason')}
          {...form.getInputProps('reason')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} disabled={disclose.isPending}>
            {shell('cancel')}
          </Button>
          <Button type="submit" loading={disclose.isPending}>
            {t('showSubmit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
