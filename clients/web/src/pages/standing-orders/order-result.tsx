import type { StandingOrder } from '@florin/sdk';
import { Button, Group, Stack, Text } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../parts/links.tsx';
import { PaidSummary } from '../../payment/paid-summary.tsx';
import { StepHeading } from '../../payment/step-heading.tsx';
import { usePreview } from './use-rhythm.ts';

interface OrderResultProps {
  readonly order: StandingOrder;
  readonly isFocused: boolean;
  readonly onAnother: () => void;
}

/** It is made, as the bank said. */
export function OrderResult({ order, isFocused, onAnother }: OrderResultProps) {
  const { t } = useTranslation('standingOrders');
  const preview = usePreview();
  return (
    <Stack>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <CircleCheck size={30} className="good-icon" aria-hidden />
        <StepHeading isFocused={isFocused}>{t('result.title')}</StepHeading>
      </Group>
      <PaidSummary amount={order.amount} name={order.payeeName} iban={order.toIban} />
      <Text>{preview(order)}</Text>
      <Group>
        <LinkButton to="/standing-orders/$orderId" params={{ orderId: order.id }}>
          {t('result.toOrder')}
        </LinkButton>
        <Button variant="default" onClick={onAnother}>
          {t('result.another')}
        </Button>
      </Group>
    </Stack>
  );
}
