import type { Account } from '@florin/sdk';
import { Button, Menu } from '@mantine/core';
import { Ellipsis, FileText, LockKeyhole, Pencil, Send, Snowflake } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../parts/links.tsx';
import { CloseDialog } from './close-dialog.tsx';
import { FreezeDialog } from './freeze-dialog.tsx';
import { RenameDialog } from './rename-dialog.tsx';

type Asked = 'rename' | 'freeze' | 'close';

/** What one can do with an account; what can not be undone stands apart, behind a dialog. */
export function AccountActions({ account }: { readonly account: Account }) {
  const { t } = useTranslation('account');
  const [asked, ask] = useState<Asked>();
  const moreButton = useRef<HTMLButtonElement>(null);
  const dialog = (which: Asked) => ({
    account,
    opened: asked === which,
    onClose: () => ask(undefined),
    // The entry of the menu that opened it is gone.
    onGone: () => moreButton.current?.focus(),
  });
  return (
    <div className="account-actions">
      {account.status === 'active' && (
        <LinkButton to="/send" search={{ from: account.id }} leftSection={<Send size={18} aria-hidden />}>
          {t('send')}
        </LinkButton>
      )}
      <LinkButton
        to="/accounts/$accountId/statements"
        params={{ accountId: account.id }}
        variant="default"
        leftSection={<FileText size={18} aria-hidden />}
      >
        {t('statements')}
      </LinkButton>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button ref={moreButton} variant="default" leftSection={<Ellipsis size={18} aria-hidden />}>
            {t('more')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <MenuItems status={account.status} ask={ask} />
        </Menu.Dropdown>
      </Menu>
      <RenameDialog {...dialog('rename')} />
      <FreezeDialog {...dialog('freeze')} />
      <CloseDialog {...dialog('close')} />
    </div>
  );
}

function MenuItems({ status, ask }: { readonly status: Account['status']; readonly ask: (which: Asked) => void }) {
  const { t } = useTranslation('account');
  const isOpen = status === 'active' || status === 'frozen';
  return (
    <>
      <Menu.Item leftSection={<Pencil size={18} aria-hidden />} onClick={() => ask('rename')}>
        {t('rename')}
      </Menu.Item>
      {status === 'active' && (
        <Menu.Item leftSection={<Snowflake size={18} aria-hidden />} onClick={() => ask('freeze')}>
          {t('freeze')}
        </Menu.Item>
      )}
      {isOpen && (
        <>
          <Menu.Divider />
          <Menu.Item color="red" leftSection={<LockKeyhole size={18} aria-hidden />} onClick={() => ask('close')}>
            {t('close')}
          </Menu.Item>
        </>
      )}
    </>
  );
}
