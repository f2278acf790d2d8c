// Settings in the URL, so that a link brings a reader to the same experiment: ?v=1&tau=0.5&seed=7.
// Only what differs from its default is written; what cannot be read is ignored with a word to the reader.

/** How one setting is read from a URL and written to it. */
export interface Setting<T> {
  readonly initial: T;
  /** The value, or undefined if the text is none. */
  readonly parse: (text: string) => T | undefined;
  readonly format: (value: T) => string;
  /** What a good value is, for the word to the reader: "a number from 0 to 4". */
  readonly expects: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a record of settings of different types; SettingValues gives each its own
export type SettingTable = Readonly<Record<string, Setting<any>>>;
export type SettingValues<S extends SettingTable> = {readonly [K in keyof S]: S[K]["initial"]};

/** The version of the settings' meaning. A link of another version is not read. */
export const settingsVersion = "1";

/** A number from min to max; with integer, a whole one. */
export function numberSetting(
  initial: number,
  {min, max, integer = false}: {min: number; max: number; integer?: boolean}
): Setting<number> {
  return {
    initial,
    parse: (text) => {
      const value = text.trim() === "" ? Number.NaN : Number(text);
      return value >= min && value <= max && (!integer || Number.isInteger(value)) ? value : undefined;
    },
    format: String,
    expects: `a ${integer ? "whole " : ""}number from ${min} to ${max}`
  };
}

/** One of the given words. */
export function choiceSetting<const T extends string>(initial: NoInfer<T>, choices: readonly T[]): Setting<T> {
  return {
    initial,
    parse: (text) => choices.find((choice) => choice === text),
    format: String,
    expects: choices.join(", ")
  };
}

/** On or off, written 1 or 0. */
export function switchSetting(initial: boolean): Setting<boolean> {
  return {
    initial,
    parse: (text) => (text === "1" ? true : text === "0" ? false : undefined),
    format: (value) => (value ? "1" : "0"),
    expects: "1 or 0"
  };
}

/** Text of at most maxLength characters, in one line. */
export function textSetting(initial: string, {maxLength}: {maxLength: number}): Setting<string> {
  return {
    initial,
    parse: (text) => (text.length <= maxLength && !/\p{Cc}/u.test(text) ? text : undefined),
    format: String,
    expects: `text of at most ${maxLength} characters`
  };
}

/** The values that a URL's query gives, and a sentence for each that it gives wrongly. */
export function readSettings<S extends SettingTable>(
  table: S,
  search: string
): {values: SettingValues<S>; problems: string[]} {
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(table)) values[name] = setting.initial;
  const problems: string[] = [];
  const query = new URLSearchParams(search);
  const given = Object.keys(table).filter((name) => query.has(name));
  const version = query.get("v");
  if (given.length > 0 && version !== settingsVersion) {
    problems.push(
      version === null
        ? "The address names settings without their version, v=1; they are ignored."
        : `The address has settings of version ${clip(version)}, and this page knows version ${settingsVersion}; they are ignored.`
    );
  } else {
    for (const name of given) {
      const text = query.get(name)!;
      const setting = table[name]!;
      const value: unknown = setting.parse(text);
      if (value === undefined)
        problems.push(`${name}=${clip(text)} in the address is not ${setting.expects}; it is ignored.`);
      else values[name] = value;
    }
  }
  return {values: values as SettingValues<S>, problems};
}

/** The query, "" or beginning with "?", with what differs from its default; what others wrote there stays. */
export function writeSettings<S extends SettingTable>(table: S, values: SettingValues<S>, search: string): string {
  const query = new URLSearchParams(search);
  query.delete("v");
  const others = [...query].filter(([name]) => !Object.hasOwn(table, name));
  const own = Object.entries(table).flatMap(([name, setting]) => {
    const value: unknown = values[name];
    return Object.is(value, setting.initial) ? [] : [[name, setting.format(value)]];
  });
  const all = [...others, ...own];
  if (all.length === 0) return "";
  return `?${new URLSearchParams([["v", settingsVersion], ...all] as [string, string][])}`;
}

export interface Settings<S extends SettingTable> {
  readonly values: SettingValues<S>;
  /** A sentence for each setting that the address gave wrongly. */
  readonly problems: readonly string[];
  /** Changes some; the address follows at once, without a new entry in the history. */
  set(changes: Partial<SettingValues<S>>): void;
}

/** The page's settings, read from its address. Several figures of a page may have their own tables; names must differ. */
export function pageSettings<S extends SettingTable>(table: S): Settings<S> {
  const read = readSettings(table, location.search);
  let values = read.values;
  return {
    get values() {
      return values;
    },
    problems: read.problems,
    set(changes) {
      values = {...values, ...changes};
      const search = writeSettings(table, values, location.search);
      if (search !== location.search)
        history.replaceState(history.state, "", `${location.pathname}${search}${location.hash}`);
    }
  };
}

function clip(text: string): string {
  const plain = text.replace(/\p{Cc}/gu, " ");
  return plain.length > 24 ? `${plain.slice(0, 24)}…` : plain;
}
