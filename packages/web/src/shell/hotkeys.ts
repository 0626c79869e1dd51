import { useEffect, useRef } from 'react';

/** Key (as `KeyboardEvent.key`) → what it does on this page. */
export type Hotkeys = Record<string, (event: KeyboardEvent) => void>;

const TYPING = 'input, textarea, select, [contenteditable="true"], [role="combobox"]';
const OWN_USE = 'button, a[href], [role="slider"], [role="button"], [role="menuitem"], summary';
const OVERLAY = '.ant-modal-wrap:not([style*="display: none"]), .ant-drawer-open';

/**
 * Page-wide keys. Silent while someone types, while a dialog is open, with a modifier, and where the
 * focused control has a use of its own for the key (space on a button, arrows on a slider).
 */
export function useHotkeys(hotkeys: Hotkeys): void {
  const current = useRef(hotkeys);
  current.current = hotkeys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const action = current.current[event.key];
      const target = event.target instanceof Element ? event.target : document.body;
      if (action === undefined || target.closest(TYPING) !== null) return;
      if (document.querySelector(OVERLAY) !== null) return;
      if (usesItself(event.key) && target.closest(OWN_USE) !== null) return;
      event.preventDefault();
      action(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

function usesItself(key: string): boolean {
  return key === ' ' || key === 'Enter' || key.startsWith('Arrow');
}
