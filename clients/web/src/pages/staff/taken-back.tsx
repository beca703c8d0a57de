import type { JournalDetail } from '@florin/sdk';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { LinkButton } from '../../parts/links.tsx';
import type { TakenBackBy } from './take-back-form.tsx';

interface TakenBackProps {
  readonly journal: JournalDetail;
  readonly done: TakenBackBy;
  readonly onClose: () => void;
}

/** What came of it, and the way to the entry that did it. */
export function TakenBack({ journal, done, onClose }: TakenBackProps) {
  const { t } = useTranslation('journals');
  const { t: shell } = useTranslation();
  const locale = useLocale();
  return (
    <Stack>
      <Text role="status">
        {t(done === 'asked' ? 'askedText' : 'doneText', { amount: formatMoney(journal.amount, locale) })}
      </Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {shell('close')}
        </Button>
        {done !== 'asked' && (
          <LinkButton to="/staff/journals/$journalId" params={{ journalId: done.reversalId }} data-autofocus>
            {t('toReversal')}
          </LinkButton>
        )}
      </Group>
    </Stack>
  );
}
