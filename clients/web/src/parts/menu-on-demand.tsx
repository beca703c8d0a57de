import { type ComponentProps, type ReactNode, Suspense, useState } from 'react';

export type MenuButtonProps = Pick<
  ComponentProps<'button'>,
  'aria-haspopup' | 'aria-expanded' | 'onPointerEnter' | 'onFocus' | 'onClick'
>;

interface Props {
  /** Draws the button that opens the menu. */
  readonly renderButton: (props: MenuButtonProps) => ReactNode;
  /** Fetches what `children` is made of. */
  readonly load: () => Promise<unknown>;
  /** The menu with a button of its own: an `OpeningMenu`, fetched when somebody asks for it. */
  readonly children: ReactNode;
}

/**
 * A menu that is a button until somebody opens it: what places a menu on the page is a fifth of all that the first page
 * would have to load. Pointing at the button begins to load, so the menu is there when it is pressed.
 */
export function MenuOnDemand({ renderButton, load, children }: Props) {
  const [isAskedFor, setIsAskedFor] = useState(false);
  // Should that fail, the press will try again.
  const loadAhead = () => void load().catch(() => undefined);
  const closed = renderButton({
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onPointerEnter: loadAhead,
    onFocus: loadAhead,
    onClick: () => setIsAskedFor(true),
  });
  return isAskedFor ? <Suspense fallback={closed}>{children}</Suspense> : closed;
}
