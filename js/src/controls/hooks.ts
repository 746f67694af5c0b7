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

/**
 * Handlers that call `commit` when a text field is left or Enter is pressed, and `giveUp` on Escape.
 * JupyterLab cancels the line break that Enter would insert into an output, and with it the
 * browser's `change`.
 */
export function useCommit(
  commit: (text: string, field: HTMLInputElement) => unknown,
  giveUp?: () => void,
) {
  return {
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
      commit(currentTarget.value, currentTarget);
    },
    onKeyDown: (event: KeyboardEvent & { currentTarget: HTMLInputElement }) => {
      if (event.key === "Enter") commit(event.currentTarget.value, event.currentTarget);
      if (event.key === "Escape") giveUp?.();
    },
  };
}

/** As `useCommit`, for a number: a held arrow key counts as one change, when it comes up. */
export function useNumber(commit: (text: string, field: HTMLInputElement) => unknown) {
  const stepping = useRef(false);
  const typing = useCommit((text, field) => {
    if (!stepping.current) commit(text, field);
  });
  const steps = (event: KeyboardEvent) => event.key === "ArrowUp" || event.key === "ArrowDown";
  return {
    ...typing,
    onKeyDown: (event: KeyboardEvent & { currentTarget: HTMLInputElement }) => {
      if (steps(event)) stepping.current = true;
      typing.onKeyDown(event);
    },
    onKeyUp: (event: KeyboardEvent & { currentTarget: HTMLInputElement }) => {
      if (!steps(event)) return;
      stepping.current = false;
      commit(event.currentTarget.value, event.currentTarget);
    },
    onBlur: ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
      if (!stepping.current) return;
      stepping.current = false;
      commit(currentTarget.value, currentTarget);
    },
  };
}
