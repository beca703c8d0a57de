import { useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { Operation } from './openapi.ts';

/** Which operations are open. The one the address names is opened, brought into view and given the focus. */
export function useOpenOperations(operations: readonly Operation[]) {
  const { hash } = useLocation();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  /** What to bring into view; an object, so that asking for the same one again brings it there again. */
  const [wanted, setWanted] = useState<{ readonly id: string }>();

  function toggle(id: string): void {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  }

  function reveal(id: string): void {
    setOpen((before) => new Set([...before, id]));
    setWanted({ id });
  }

  const isNamed = operations.some(({ id }) => id === hash);
  useEffect(() => {
    if (!isNamed) return;
    setOpen((before) => new Set([...before, hash]));
    setWanted({ id: hash });
  }, [isNamed, hash]);

  useEffect(() => {
    if (wanted === undefined) return;
    const item = document.getElementById(wanted.id);
    item?.scrollIntoView({ block: 'start' });
    item?.querySelector('button')?.focus({ preventScroll: true });
  }, [wanted]);

  return { isOpen: (id: string) => open.has(id), toggle, reveal };
}
