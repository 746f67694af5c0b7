import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useUniqueId } from "./hooks";
import { type Option, Options, optionId } from "./options";

interface Props {
  id?: string;
  label: string;
  /** The name of what is chosen, and a remark on it. */
  text: string;
  note: string;
  chosen: number | null;
  /** The options for what was typed, best first. */
  find: (query: string) => Option[];
  count: (found: number) => string;
  placeholder?: string;
  /** What to type, where nothing is chosen. */
  prompt?: string;
  autoFocus?: boolean;
  onChoose: (index: number | null) => void;
  /** Called when the list closes with nothing chosen: by a key, or because the focus went on. */
  onLeave?: (byKey: boolean) => void;
}

const PAGE = 8;

/** Where a key moves the active option; null for a key that does not. */
export function moveActive(key: string, active: number, length: number): number | null {
  const last = length - 1;
  const moves: Record<string, number> = {
    ArrowDown: active === last ? 0 : active + 1,
    ArrowUp: active <= 0 ? last : active - 1,
    PageDown: Math.min(last, active + PAGE),
    PageUp: Math.max(0, active - PAGE),
    Home: 0,
    End: last,
  };
  return length > 0 && key in moves ? moves[key] : null;
}

/** An editable combobox with a list (ARIA pattern): type to filter, arrows, Enter, Escape. */
export function Combobox(props: Props) {
  const { label, text, note, chosen, find, onChoose, onLeave } = props;
  const listId = useUniqueId();
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(props.autoFocus ?? false);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const options = useMemo(() => (open ? find(query) : []), [open, query, find]);

  useEffect(() => {
    if (props.autoFocus) input.current?.focus();
  }, [props.autoFocus]);

  const show = () => {
    if (open) return;
    setQuery("");
    setActive(
      Math.max(
        0,
        find("").findIndex(({ index }) => index === chosen),
      ),
    );
    setOpen(true);
  };
  const close = (byKey: boolean) => {
    setOpen(false);
    onLeave?.(byKey);
  };
  const choose = (option: Option | undefined) => {
    if (option === undefined) return;
    onChoose(option.index);
    setOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && open) {
      event.stopPropagation();
      return close(true);
    }
    if (event.key === "Enter") return open ? choose(options[active]) : show();
    const next = open ? moveActive(event.key, active, options.length) : null;
    const opens = !open && (event.key === "ArrowDown" || event.key === "ArrowUp");
    if (next === null && !opens) return;
    event.preventDefault();
    if (next === null) show();
    else setActive(next);
  };
  const onInput = (event: { currentTarget: HTMLInputElement }) => {
    setQuery(event.currentTarget.value);
    setActive(0);
    setOpen(true);
  };

  return (
    <div class={`tfi-combobox ${open ? "tfi-open" : ""}`}>
      <input
        ref={input}
        id={props.id}
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        // Room for the whole name first; what is said beside it takes what is left.
        style={{ flexBasis: `${0.85 * (open ? 12 : text.length) + 2.5}ch` }}
        aria-label={label}
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open && options.length > 0 ? optionId(listId, active) : undefined}
        placeholder={open ? text || (props.prompt ?? "name or number") : props.placeholder}
        value={open ? query : text}
        title={open ? undefined : text}
        onFocus={(event) => event.currentTarget.select()}
        onClick={show}
        onInput={onInput}
        onKeyDown={onKeyDown}
        onBlur={() => close(false)}
      />
      {!open && <span class="tfi-combobox-note">{note}</span>}
      <svg class="tfi-search" viewBox="0 0 12 12" aria-hidden="true">
        <circle cx="5" cy="5" r="3.4" />
        <path d="M7.6 7.6 11 11" />
      </svg>
      {open && (
        <Options
          id={listId}
          label={label}
          options={options}
          active={active}
          chosen={chosen}
          count={props.count(options.filter(({ index }) => index !== null).length)}
          onChoose={choose}
        />
      )}
    </div>
  );
}
