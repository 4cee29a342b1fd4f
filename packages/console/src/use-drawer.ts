import { useCallback, useEffect, useRef, useState } from "react";

/** The list of conversations as a drawer, on screens too narrow to show it all the time. */
export interface Drawer {
  readonly open: boolean;
  readonly show: () => void;
  readonly hide: () => void;
}

/** Escape closes the drawer; the focus goes in with it and back to where it was. */
export const useDrawer = (sidebarId: string): Drawer => {
  const [open, setOpen] = useState(false);
  const origin = useRef<Element | null>(null);
  const show = useCallback(() => {
    origin.current = document.activeElement;
    setOpen(true);
  }, []);
  const hide = useCallback(() => setOpen(false), []);

  useEffect(() => {
    if (!open) {
      if (origin.current instanceof HTMLElement) origin.current.focus();
      origin.current = null;
      return undefined;
    }
    document.getElementById(sidebarId)?.focus();
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") hide();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [open, hide, sidebarId]);

  return { open, show, hide };
};
