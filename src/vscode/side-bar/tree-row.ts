/** A row of a view in the side bar: what it shows, and what commands get as their argument. */
import type { CommandId } from '../contributions.ts'

/** What a row shows. */
export interface RowLook {
  readonly label: string
  readonly description?: string
  /** Name of an icon of VS Code's font. */
  readonly icon?: string
  /** Id of the icon's theme color. */
  readonly color?: string
  /** What it is and what can be done with it, in words, for `when` clauses such as `viewItem =~ /\bopen\b/`. */
  readonly context: string
  /** What screen readers say. */
  readonly spoken: string
  /** What a click runs, with the row as its argument. */
  readonly command?: CommandId
  /** A URI for decorations. */
  readonly decorated?: string
  /** Whether it has rows below it, and whether they are shown at first. */
  readonly folding?: 'expanded' | 'collapsed'
}

/**
 * Commands get a row as their argument. It is the same object for as long as its view lists its key, so that the view
 * can tell VS Code which row has changed.
 */
export class TreeRow {
  /** Id of its view. */
  readonly view: string
  /** Unique in its view. */
  readonly key: string

  constructor(view: string, key: string) {
    this.view = view
    this.key = key
  }
}

/** An entry of a menu in package.json. */
export interface MenuEntry {
  readonly command: string
  readonly when: string
}

/**
 * The arguments that a command is meant to get. VS Code passes the focused row of a view also to the commands in the
 * view's title, which are about the view. A command is about a row if the row's menu has it.
 */
export function meantArguments(
  command: string,
  args: readonly unknown[],
  rowMenu: readonly MenuEntry[],
): readonly unknown[] {
  const [row] = args
  if (!(row instanceof TreeRow)) return args
  const isMeant = rowMenu.some(
    (entry) => entry.command === command && entry.when.includes(`view == ${row.view}`),
  )
  return isMeant ? args : []
}

/** A row as a view lists it. */
export interface ListedRow<Row extends TreeRow> {
  readonly row: Row
  readonly look: RowLook
  /** The plain text of its hover. */
  readonly tooltip: string
  readonly children?: readonly ListedRow<Row>[]
}

/** The parts of a description, those that are empty left out: `2/s · 1 reconnect`. */
export function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' · ')
}
