import { Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { useUser } from '../../../session/use-bank.ts';
import { shortNumber } from './plain-text.ts';

/**
 * Who did something: oneself, or somebody by the end of their number. Names are not looked up, because a look at a person
 * goes on record.
 */
export function PersonMark({ id, isStaff = true }: { readonly id: string; readonly isStaff?: boolean }) {
  const { t } = useTranslation('sagas');
  const { t: staff } = useTranslation('staff');
  const isMe = useUser().id === id;
  if (isMe) return staff('you');
  return (
    <Group gap={4} component="span" wrap="nowrap" display="inline-flex">
      {t(isStaff ? 'colleague' : 'somebody')} {shortNumber(id)}
      <CopyButton value={id} label={t('copyPerson')} />
    </Group>
  );
}
