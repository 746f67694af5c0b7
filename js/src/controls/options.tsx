import { useLayoutEffect, useRef, useState } from "preact/hooks";

export interface Option {
  /** The class, or null for "the top class, whichever it is". */
  index: number | null;
  name: string;
  note: string;
}

interface Props {
  id: string;
  label: string;
  options: Option[];
  active: number;
  chosen: number | null;
  /** What stands below the list: how many of how many. */
  count: string;
  onChoose: (option: Option) => void;
}

const ROW = 30;
const ROWS = 9;

export const optionId = (list: string, position: number): string => `${list}-${position}`;

/** A listbox that draws only the rows in sight: it may stand for thousands. */
export function Options({ id, label, options, active, chosen, count, onChoose }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);

  // Before the browser paints: the active row is announced by its id, so it has to be there.
  useLayoutEffect(() => {
    const box = list.current;
    if (box === null) return;
    const lowest = active * ROW;
    const highest = lowest - (ROWS - 1) * ROW;
    box.scrollTop = Math.max(highest, Math.min(lowest, box.scrollTop));
    setTop(box.scrollTop);
  }, [active, options]);

  const first = Math.max(0, Math.floor(top / ROW) - 2);
  const rows = options.slice(first, first + ROWS + 5);
  return (
    <div class="tfi-popup">
      <div
        ref={list}
        id={id}
        class="tfi-options"
        role="listbox"
        tabIndex={-1}
        aria-label={label}
        style={{ maxHeight: `${ROWS * ROW}px` }}
        // Pressing here must not take the focus from the input, which would close the list.
        onMouseDown={(event) => event.preventDefault()}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      >
        <div class="tfi-options-space" style={{ height: `${options.length * ROW}px` }}>
          {rows.map((option, k) => {
            const position = first + k;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the input that owns the list
              // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant stands for focus
              <div
                key={option.index ?? "top"}
                id={optionId(id, position)}
                class={`tfi-option ${position === active ? "tfi-active" : ""}`}
                role="option"
                aria-selected={option.index === chosen}
                aria-posinset={position + 1}
                aria-setsize={options.length}
                style={{ top: `${position * ROW}px`, height: `${ROW}px` }}
                onClick={() => onChoose(option)}
              >
                <span>{option.name}</span>
                <span class="tfi-muted">{option.note}</span>
              </div>
            );
          })}
        </div>
      </div>
      <div class="tfi-options-count" aria-live="polite">
        {count}
      </div>
    </div>
  );
}
