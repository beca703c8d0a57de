import { Menu, type MenuItemProps, type MenuProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { type ComponentPropsWithRef, type ReactElement, type Ref, useEffect, useRef, useState } from 'react';

interface Props extends Pick<MenuProps, 'position' | 'width' | 'children'> {
  readonly renderButton: (target: Ref<HTMLButtonElement>) => ReactElement;
}

/** The menu of a `MenuOnDemand`. It opens as it comes, and takes the focus over from the button it stands in for. */
export function OpeningMenu({ renderButton, children, ...place }: Props) {
  const [isOpen, setIsOpen] = useState(false);
  const target = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    target.current?.focus();
    setIsOpen(true);
  }, []);
  return (
    <Menu opened={isOpen} onChange={setIsOpen} withinPortal {...place}>
      <Menu.Target>{renderButton(target)}</Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}

function MenuItemBase(props: MenuItemProps & Omit<ComponentPropsWithRef<'a'>, 'style' | 'color'>) {
  return <Menu.Item component="a" {...props} />;
}

/** An item that is a link of the router. */
export const LinkMenuItem = createLink(MenuItemBase);
