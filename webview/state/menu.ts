/** A menu that is open at a point of the page. */

export interface MenuChoice {
  readonly label: string
  /** Of a choice that is switched on and off; the menu then stays open. */
  readonly isOn?: boolean
  /** Whether it closes the menu although it is switched on and off: one of several. */
  readonly closes?: boolean
  /** The keys that do the same. */
  readonly keys?: string
  readonly isDisabled?: boolean
  /** Shown in the font of code. */
  readonly isCode?: boolean
  readonly choose: () => void
}

/** A choice, or a line between two groups of choices. */
export type MenuItem = MenuChoice | 'line'

export interface OpenMenu {
  /** Accessible name. */
  readonly name: string
  /** Pixels from the left and the upper edge of the page. */
  readonly x: number
  readonly y: number
  /** Read each time that the menu is painted. */
  readonly items: () => readonly MenuItem[]
}

/** Items without lines at the ends and without two lines after each other. */
export function tidy(items: readonly MenuItem[]): readonly MenuItem[] {
  return items.filter(
    (item, i) =>
      item !== 'line' ||
      (i > 0 && items.slice(i + 1).some((later) => later !== 'line') && items[i - 1] !== 'line'),
  )
}
