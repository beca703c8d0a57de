import { Avatar, Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { BookText, LogOut, MonitorSmartphone, Moon, Sun, SunMoon, UserRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { LinkMenuItem } from '../parts/links.tsx';
import { signOut } from '../session/bank.ts';
import { useBank, useHasRole, useUser } from '../session/use-bank.ts';

const SCHEMES = [
  { scheme: 'light', icon: Sun, label: 'appearanceLight' },
  { scheme: 'dark', icon: Moon, label: 'appearanceDark' },
  { scheme: 'auto', icon: SunMoon, label: 'appearanceAuto' },
] as const;

/** Who is signed in, and what concerns the person rather than the money. */
export function UserMenu() {
  const { t } = useTranslation();
  const bank = useBank();
  const { name } = useUser();
  const isCustomer = useHasRole('customer');
  const isStaff = !useUser().roles.every((role) => role === 'customer');
  return (
    <Menu position="bottom-end" width={260} withinPortal>
      <Menu.Target>
        <UnstyledButton aria-label={t('menuOf', { name })} className="user-menu">
          <Avatar
            name={name.replaceAll(/[^\p{L}\p{N}\s]/gu, '')}
            color="forest"
            variant="filled"
            radius="xl"
            aria-hidden
          />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
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
      </Menu.Dropdown>
    </Menu>
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
