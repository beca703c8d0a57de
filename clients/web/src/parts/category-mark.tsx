import type { Category } from '@florin/sdk';
import { ThemeIcon } from '@mantine/core';
import {
  ArrowLeftRight,
  Banknote,
  Bus,
  CircleDollarSign,
  Coffee,
  HeartPulse,
  House,
  type LucideIcon,
  PiggyBank,
  ReceiptText,
  ShieldCheck,
  ShoppingBag,
  ShoppingBasket,
  Ticket,
  Wallet,
  Zap,
} from 'lucide-react';

const MARKS: Readonly<Record<Category, LucideIcon>> = {
  income: Wallet,
  housing: House,
  utilities: Zap,
  groceries: ShoppingBasket,
  'eating-out': Coffee,
  transport: Bus,
  shopping: ShoppingBag,
  leisure: Ticket,
  health: HeartPulse,
  insurance: ShieldCheck,
  savings: PiggyBank,
  cash: Banknote,
  fees: ReceiptText,
  transfer: ArrowLeftRight,
  other: CircleDollarSign,
};

/** The sign of a category; what it means is said in words beside it or on the page it leads to. */
export function CategoryMark({ category }: { readonly category: Category }) {
  const Mark = MARKS[category] ?? CircleDollarSign;
  return (
    <ThemeIcon variant="light" size={40} radius="xl" aria-hidden>
      <Mark size={20} />
    </ThemeIcon>
  );
}
