import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatIban } from '../format/money.ts';
import { CopyButton } from './copy-button.tsx';

/** An IBAN in groups of four, to read aloud or to copy. What is copied has no spaces. */
export function Iban({ iban }: { readonly iban: string }) {
  const { t } = useTranslation();
  return (
    <Group gap={0} wrap="nowrap" className="iban">
      <Text component="span" size="sm" className="iban-text">
        {formatIban(iban)}
      </Text>
      <CopyButton value={iban} label={t('copyIban')} />
    </Group>
  );
}
