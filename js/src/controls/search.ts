/** Finding a class by what a person types: its number or the start of a word of its name. */

const PLAIN = /[\u0300-\u036f]/g;

const normalise = (text: string): string =>
  text.normalize("NFD").replace(PLAIN, "").toLowerCase().replaceAll("_", " ").trim();

export interface Entry {
  index: number;
  name: string;
  key: string;
}

export function entriesOf(names: string[] | null, count: number): Entry[] {
  return Array.from({ length: count }, (_, index) => {
    const name = names?.[index] ?? `class ${index}`;
    return { index, name, key: normalise(name) };
  });
}

/** How well an entry matches, 0 best; null where it does not. */
function rank({ index, key }: Entry, query: string): number | null {
  const number = String(index);
  if (number === query || key === query) return 0;
  if (key.startsWith(query)) return 1;
  if (key.includes(` ${query}`) || key.includes(`-${query}`)) return 2;
  if (number.startsWith(query)) return 3;
  return key.includes(query) ? 4 : null;
}

/** The entries that match, best first, and in their own order where they match alike. */
export function search(entries: Entry[], text: string): Entry[] {
  const query = normalise(text);
  if (query === "") return entries;
  return entries
    .map((entry) => ({ entry, rank: rank(entry, query) }))
    .filter((match): match is { entry: Entry; rank: number } => match.rank !== null)
    .sort((a, b) => a.rank - b.rank)
    .map(({ entry }) => entry);
}
