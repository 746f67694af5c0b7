import { beforeEach, describe, expect, it, vi } from "vitest";
import { Combobox, moveActive } from "../../src/controls/combobox";
import { entriesOf, search } from "../../src/controls/search";
import { click, enter, find, fire, key, mount } from "../dom";

const entries = entriesOf(null, 1000);
const onChoose = vi.fn();
let input: HTMLInputElement;
let el: HTMLElement;

beforeEach(() => {
  onChoose.mockReset();
  el = mount(
    <Combobox
      label="Target class"
      text="class 285"
      note="285 · 38.5 %"
      chosen={285}
      find={(query) => search(entries, query).map(({ index, name }) => ({ index, name, note: "" }))}
      count={(found) => `${found} of 1,000`}
      onChoose={onChoose}
    />,
  );
  input = find<HTMLInputElement>(el, "input");
});

const active = () => {
  const id = input.getAttribute("aria-activedescendant");
  return id === null ? null : (document.getElementById(id)?.textContent ?? "not in the page");
};
const isOpen = () => input.getAttribute("aria-expanded") === "true";

describe("closed", () => {
  it("shows what is chosen", () => {
    expect(input.value).toBe("class 285");
    expect(el.textContent).toContain("285 · 38.5 %");
    expect(isOpen()).toBe(false);
  });

  it("points to no list while there is none", () => {
    expect(input.hasAttribute("aria-controls")).toBe(false);
    key(input, "ArrowDown");
    const list = document.getElementById(input.getAttribute("aria-controls") ?? "");
    expect(list?.getAttribute("role")).toBe("listbox");
  });

  it("opens by arrow key, at what is chosen", () => {
    key(input, "ArrowDown");
    expect(isOpen()).toBe(true);
    expect(active()).toBe("class 285");
  });
});

describe("open", () => {
  beforeEach(() => enter(input, "99"));

  it("filters as one types and says how many there are", () => {
    expect(active()).toBe("class 99");
    expect(find(el, ".tfi-options-count").textContent).toBe("19 of 1,000");
  });

  it("chooses by arrows and Enter", () => {
    key(input, "ArrowDown");
    key(input, "ArrowDown");
    expect(active()).toBe("class 991");
    key(input, "Enter");
    expect(onChoose).toHaveBeenCalledExactlyOnceWith(991);
    expect(isOpen()).toBe(false);
  });

  it("goes to both ends, drawing the row that is active", () => {
    enter(input, "");
    key(input, "End");
    expect(active()).toBe("class 999");
    key(input, "Home");
    expect(active()).toBe("class 0");
    key(input, "Enter");
    expect(onChoose).toHaveBeenCalledExactlyOnceWith(0);
  });

  it("is left by Escape, with nothing chosen", () => {
    key(input, "Escape");
    expect(isOpen()).toBe(false);
    expect(input.value).toBe("class 285");
    expect(onChoose).not.toHaveBeenCalled();
  });

  it("is left when the focus goes elsewhere", () => {
    fire(input, "blur");
    expect(isOpen()).toBe(false);
  });

  it("chooses nothing where nothing matches", () => {
    enter(input, "no such class");
    expect(active()).toBeNull();
    key(input, "ArrowDown");
    key(input, "Enter");
    expect(onChoose).not.toHaveBeenCalled();
    expect(find(el, ".tfi-options-count").textContent).toBe("0 of 1,000");
  });

  it("takes a click", () => {
    click(find(el, "[role=option]:nth-child(2)"));
    expect(onChoose).toHaveBeenCalledExactlyOnceWith(990);
  });

  it("draws only the rows in sight", () => {
    enter(input, "");
    expect(el.querySelectorAll("[role=option]").length).toBeLessThan(30);
    expect(find(el, "[role=option]").getAttribute("aria-setsize")).toBe("1000");
  });
});

describe("moveActive", () => {
  it("wraps around with the arrows, and not with the page keys", () => {
    expect(moveActive("ArrowDown", 2, 3)).toBe(0);
    expect(moveActive("ArrowUp", 0, 3)).toBe(2);
    expect(moveActive("PageDown", 1, 3)).toBe(2);
    expect(moveActive("PageUp", 1, 3)).toBe(0);
    expect(moveActive("x", 1, 3)).toBeNull();
    expect(moveActive("Home", 0, 0)).toBeNull();
  });
});
