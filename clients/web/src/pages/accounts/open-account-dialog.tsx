import { newId } from '@florin/primitives';
import type { Product } from '@florin/sdk';
import { type Account, answerOf } from '@florin/sdk';
import { Button, Fieldset, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { productsQuery } from '../../api/account-queries.ts';
import { isFinalRefusal } from '../../api/final-refusal.ts';
import { putAccount } from '../../api/known-accounts.ts';
import { DataRegion } from '../../parts/data-region.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { ProductChoice } from './product-choice.tsx';

/** As long as the bank keeps it. */
const NAME_LENGTH_MAX = 60;

interface OpenAccountDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks which kind of account, opens it, and goes there. */
export function OpenAccountDialog({ opened, onClose }: OpenAccountDialogProps) {
  const { t } = useTranslation('accounts');
  const [isBusy, setBusy] = useState(false);
  const products = useQuery({ ...productsQuery(useBank()), enabled: opened });
  return (
    <Dialog opened={opened} onClose={onClose} title={t('open')} isBusy={isBusy} isWide>
      <DataRegion query={products} skeleton={<Skeleton h={320} />}>
        {(data) => <OpenAccountForm products={data} onClose={onClose} onBusy={setBusy} />}
      </DataRegion>
    </Dialog>
  );
}

interface OpenAccountFormProps {
  readonly products: readonly Product[];
  readonly onClose: () => void;
  readonly onBusy: (isBusy: boolean) => void;
}

function OpenAccountForm({ products, onClose, onBusy }: OpenAccountFormProps) {
  const { t } = useTranslation('accounts');
  const { t: shell } = useTranslation();
  const opening = useOpenAccount(onBusy);
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { productCode: products[0]?.code ?? '', name: '' },
    validate: { productCode: (code) => (code === '' ? t('kindMissing') : null) },
  });
  return (
    <form onSubmit={form.onSubmit((values) => opening.mutate(values))} noValidate>
      <Stack>
        {opening.isError && (
          <ProblemNotice error={opening.error} {...(opening.isUnsure ? { title: t('unsure') } : {})} />
        )}
        {opening.isUnsure && <Text size="sm">{t('unsureText')}</Text>}
        <Fieldset variant="unstyled" disabled={opening.isUnsure || opening.isPending} className="bare-fieldset">
          <Stack>
            <ProductChoice products={products} key={form.key('productCode')} {...form.getInputProps('productCode')} />
            <TextInput
              label={t('name')}
              description={t('nameHint')}
              maxLength={NAME_LENGTH_MAX}
              autoComplete="off"
              key={form.key('name')}
              {...form.getInputProps('name')}
            />
          </Stack>
        </Fieldset>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} disabled={opening.isPending}>
            {shell('cancel')}
          </Button>
          <Button type="submit" loading={opening.isPending || opening.isSuccess}>
            {opening.isUnsure ? shell('tryAgain') : t('openSubmit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/**
 * Opens an account under one key, made with the dialog and kept over every try: a request that got lost may have been
 * done, and is then answered, not repeated. Until that is known, what is asked for must stay as it was.
 */
function useOpenAccount(onBusy: (isBusy: boolean) => void) {
  const { api } = useBank();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [key, setKey] = useState(() => newId(0));
  const [isUnsure, setUnsure] = useState(false);
  const opening = useMutation({
    mutationFn({ productCode, name }: { readonly productCode: string; readonly name: string }): Promise<Account> {
      onBusy(true);
      const body = name.trim() === '' ? { productCode } : { productCode, name: name.trim() };
      return answerOf(api.POST('/v1/accounts', { params: { header: { 'Idempotency-Key': key } }, body }));
    },
    async onSuccess(account) {
      putAccount(queries, account);
      await navigate({ to: '/accounts/$accountId', params: { accountId: account.id } });
    },
    onError(error) {
      const isFinal = isFinalRefusal(error);
      setUnsure(!isFinal);
      if (isFinal) setKey(newId(0));
    },
    async onSettled() {
      onBusy(false);
      await queries.invalidateQueries({ queryKey: ['accounts'] });
    },
  });
  return { ...opening, isUnsure };
}
