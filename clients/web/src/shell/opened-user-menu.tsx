import { Menu, useMantineColorScheme } from '@mantine/core';
import { BookText, LogOut, MonitorSmartphone, Moon, Sun, SunMoon, UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LinkMenuItem, OpeningMenu } from '../parts/opening-menu.tsx';
import { signOut } from '../session/bank.ts';
import { useBank, useHasRole, useUser } from '../session/use-bank.ts';
import { UserButton } from './user-button.tsx';

const SCHEMES = [
  { scheme: 'light', icon: Sun, label: 'appearanceLight' },
  { scheme: 'dark', icon: Moon, label: 'appearanceDark' },
  { scheme: 'auto', icon: SunMoon, label: 'appearanceAuto' },
] as const;

/** The menu of the person. */
export function OpenedUserMenu() {
  const { t } = useTranslation();
  const bank = useBank();
  const { name } = useUser();
  const isCustomer = useHasRole('customer');
  const isStaff = !useUser().roles.every((role) => role === 'customer');
  return (
    <OpeningMenu position="bottom-end" width={260} renderButton={(target) => <UserButton ref={target} />}>
      <Menu.Label>{name}</Menu.Label>
      {isStaff && isCustomer && <LinkMenuItem to="/staff">{t('staffConsole')}</LinkMenuItem>}
      <LinkMenuItem to="/profile" leftSection={<UserRound size={18} aria-hidden />}>
        {t('profile')}
      </LinkMenuItem>
      <LinkMenuItem to="/sessions" leftSection={<MonitorSmartphone size={18} aria-hidden />}>
        {t('sessions')}
      </LinkMenuItem>
      <LinkMenuItem to="/docs" leftSection={<BookText size={18} aria-hidden />}>
        {t('apiDocs')}
      </LinkMenuItem>
      <Menu.Divider />
      <Menu.Label>{t('appearance')}</Menu.Label>
      <SchemeItems />
      <Menu.Divider />
      <Menu.Item onClick={() => void signOut(bank)} leftSection={<LogOut size={18} aria-hidden />}>
        {t('signOut')}
      </Menu.Item>
    </OpeningMenu>
  );
}

function SchemeItems() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return SCHEMES.map(({ scheme, icon: Icon, label }) => (
    <Menu.Item
      key={scheme}
      role="menuitemradio"
      aria-checked={colorScheme === scheme}
      onClick={() => setColorScheme(scheme)}
      leftSection={<Icon size={18} aria-hidden />}
      rightSection={colorScheme === scheme ? '✓' : undefined}
    >
      {t(label)}
    </Menu.Item>
  ));
}
