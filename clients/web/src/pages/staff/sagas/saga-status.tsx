import type { SagaSummary } from '@florin/sdk';
import { Text } from '@mantine/core';
import { CircleAlert, CircleCheck, CircleDashed, type LucideIcon, Undo2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';

type Status = SagaSummary['status'];

const SIGNS: Readonly<Record<Status, readonly [icon: LucideIcon, sign: string]>> = {
  running: [CircleDashed, 'sign-plain'],
  compensating: [Undo2, 'sign-warning'],
  completed: [CircleCheck, 'sign-good'],
  compensated: [Undo2, 'sign-plain'],
  needs_attention: [CircleAlert, 'sign-bad'],
};

/** How a saga stands, by a sign and in words. */
export function SagaStatus({ status }: { readonly status: Status }) {
  const { t } = useTranslation('sagas');
  const [Icon, sign] = SIGNS[status];
  return (
    <Text component="span" size="sm" fw={600} className={sign}>
      <Icon size={16} aria-hidden /> {t(`status.${status}`)}
    </Text>
  );
}
