import type { Product } from '@florin/sdk';
import { Group, Radio, SimpleGrid, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { currencyName } from '../../format/currencies.ts';
import { formatMoney, signOf } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';

interface ProductChoiceProps {
  readonly products: readonly Product[];
  readonly defaultValue?: string;
  readonly onChange?: (code: string) => void;
  readonly error?: string;
}

/** The kinds of account there are, each with what it brings and costs. */
export function ProductChoice({ products, ...input }: ProductChoiceProps) {
  const { t } = useTranslation('accounts');
  return (
    <Radio.Group label={t('kind')} {...input}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" mt="xs">
        {products.map((product) => (
          <ProductCard key={product.code} product={product} />
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}

function ProductCard({ product }: { readonly product: Product }) {
  const words = useProductWords();
  const locale = useLocale();
  return (
    <Radio.Card value={product.code} p="sm" className="product">
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <Radio.Indicator mt={2} />
        <div>
          <Text fw={600}>{product.name}</Text>
          <Text size="sm" c="dimmed">
            {[currencyName(product.currency, locale), ...words(product)].join(' · ')}
          </Text>
        </div>
      </Group>
    </Radio.Card>
  );
}

function useProductWords(): (product: Product) => string[] {
  const { t } = useTranslation('accounts');
  const locale = useLocale();
  return ({ overdraft, dailyLimit, transferFee }) => [
    signOf(overdraft) === 'none' ? t('noOverdraft') : t('overdraft', { amount: formatMoney(overdraft, locale) }),
    t('dailyLimit', { amount: formatMoney(dailyLimit, locale) }),
    signOf(transferFee) === 'none' ? t('noFee') : t('fee', { amount: formatMoney(transferFee, locale) }),
  ];
}
