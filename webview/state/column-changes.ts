/** Changes to which columns the list has. */
import type { LayoutStore } from './layout.ts'
import { MOST_PATHS } from './list/widths.ts'
import type { SessionStore } from './session.ts'

interface ColumnParts {
  readonly layout: LayoutStore
  readonly session: Pick<SessionStore, 'touch'>
}

/** Shows or hides a column from now on. */
export function showColumn({ layout, session }: ColumnParts, id: string, isShown: boolean): void {
  layout.change({ chosen: { ...layout.current.value.chosen, [id]: isShown } })
  session.touch()
}

/** Adds a column of the values at a path. */
export function addColumn({ layout, session }: ColumnParts, path: string): void {
  const { paths } = layout.current.value
  if (paths.includes(path) || paths.length >= MOST_PATHS) return
  layout.change({ paths: [...paths, path] })
  session.touch()
}

export function removeColumn({ layout, session }: ColumnParts, path: string): void {
  const { paths, columns } = layout.current.value
  const { [path as '$']: _, ...widths } = columns
  layout.change({ paths: paths.filter((each) => each !== path), columns: widths })
  session.touch()
}
