import { useRef, useState } from "preact/hooks";

/** An id that is unique in the page: every widget loads a copy of this module, so no counter is. */
export function useUniqueId(): string {
  return useState(() => `tfi-${Math.random().toString(36).slice(2, 10)}`)[0];
}

/**
 * Handlers that call `release` once where a native input is let go: a held arrow key fires many
 * `change` events, and counts as one until the key comes up.
 */
export function useRelease(release: () => void) {
  const keyDown = useRef(false);
  return {
    onKeyDown: () => {
      keyDown.current = true;
    },
    onKeyUp: () => {
      keyDown.current = false;
      release();
    },
    onChange: () => {
      if (!keyDown.current) release();
    },
    onBlur: () => {
      keyDown.current = false;
      release();
    },
  };
}
