import type { Money } from '@florin/sdk';
import { Text, type TextProps } from '@mantine/core';
import { formatMoney, signOf } from '../format/money.ts';
import { useLocale } from '../i18n/use-locale.ts';

interface AmountProps extends TextProps {
  readonly money: Money;
  /** Shows a plus on what came in, and colours it; never the colour alone. */
  readonly signed?: boolean;
}

/** An amount with its currency, in digits that stand under each other. */
export function Amount({ money, signed = false, ...rest }: AmountProps) {
  const locale = useLocale();
  return (
    <Text component="span" className="amount" data-sign={signed ? signOf(money) : undefined} {...rest}>
      {formatMoney(money, locale, signed ? 'always' : 'auto')}
    </Text>
  );
}
