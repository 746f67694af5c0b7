import type { Setting } from "../model";
import { useCommit } from "./hooks";

interface Props<T extends { search: string }> {
  /** Follows what is typed; the kernel is told when it is done. */
  setting: Setting<T, "search">;
  label: string;
  title: string;
}

/** A field whose words rows have to hold. */
export function SearchField<T extends { search: string }>({ setting, label, title }: Props<T>) {
  const commit = useCommit(() => setting.release());
  return (
    <input
      class="tfi-text"
      type="search"
      aria-label={label}
      placeholder={label}
      title={title}
      value={setting.value.value}
      onInput={(event) => setting.drag(event.currentTarget.value)}
      {...commit}
    />
  );
}
