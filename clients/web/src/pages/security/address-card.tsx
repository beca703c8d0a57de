import { ApiProblem, answerOf } from '@florin/sdk';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Card } from '../../parts/card.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { focusFirst } from '../../parts/focus-first.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank, useUser } from '../../session/use-bank.ts';
import { useFactorChange } from './use-factor-change.ts';

interface AddressCardProps {
  /** Whether this sign-in is fresh enough to change it. */
  readonly isFresh: boolean;
  readonly onSaid: (text: string) => void;
}

/** The address, whether it is confirmed, and how to change it. */
export function AddressCard({ isFresh, onSaid }: AddressCardProps) {
  const { t } = useTranslation('credentials');
  const { api } = useBank();
  const { email, emailConfirmed } = useUser();
  const [isOpen, dialog] = useDisclosure();
  const sending = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/me/email/confirmation')),
    onSuccess: () => onSaid(t('sentAgain')),
  });
  return (
    <Card title={t('address')}>
      <Stack gap="sm" align="flex-start">
        <Text fw={600} className="one-address">
          {email}
        </Text>
        <Text size="sm">{t(emailConfirmed ? 'addressConfirmed' : 'addressUnconfirmed')}</Text>
        {sending.isError && <ProblemNotice error={sending.error} />}
        <Group gap="sm">
          {!emailConfirmed && (
            <Button variant="default" loading={sending.isPending} onClick={() => sending.mutate()}>
              {t('sendAgain')}
            </Button>
          )}
          {isFresh && (
            <Button variant="default" onClick={dialog.open}>
              {t('changeAddress')}
            </Button>
          )}
        </Group>
      </Stack>
      <Dialog opened={isOpen} onClose={dialog.close} title={t('changeAddress')}>
        <AddressForm onSaid={onSaid} onClose={dialog.close} />
      </Dialog>
    </Card>
  );
}

function AddressForm({ onSaid, onClose }: Pick<AddressCardProps, 'onSaid'> & { readonly onClose: () => void }) {
  const { t } = useTranslation('credentials');
  const { t: shell } = useTranslation();
  const { api } = useBank();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '' },
    validate: { email: (text) => (text.trim() === '' ? t('emailMissing') : null) },
  });
  const asking = useFactorChange(
    (body: { email: string }) => answerOf(api.PUT('/v1/me/email', { body })),
    () => {
      onSaid(t('addressAsked'));
      onClose();
    },
  );
  const fieldError =
    asking.error instanceof ApiProblem && asking.error.code === 'invalid-email' && asking.error.message;
  const { error: typedError, ...field } = form.getInputProps('email');
  return (
    <form onSubmit={form.onSubmit((body) => asking.mutate(body), focusFirst(form))} noValidate>
      <Stack>
        {asking.isError && !fieldError && <ProblemNotice error={asking.error} />}
        <TextInput
          label={t('newAddress')}
          type="email"
          autoComplete="email"
          maxLength={254}
          data-autofocus
          key={form.key('email')}
          {...field}
          error={typedError ?? fieldError}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {shell('cancel')}
          </Button>
          <Button type="submit" loading={asking.isPending}>
            {t('changeAddress')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
