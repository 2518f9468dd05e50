/** The menu of columns: shows and hides them, and adds columns of values. */
import * as l10n from '@vscode/l10n'
import { addColumn, removeColumn, showColumn } from '../state/column-changes.ts'
import { fullName } from '../state/list/columns.ts'
import { isWanted, type ListTable, MOST_PATHS } from '../state/list/widths.ts'
import type { MenuItem } from '../state/menu.ts'
import type { PageState } from '../state/page.ts'

/** Opens the menu at a point of the page. `table` says what is shown now. */
export function openColumnsMenu(page: PageState, { facts }: ListTable, x: number, y: number): void {
  const { layout } = page
  const items = (): MenuItem[] => {
    const { chosen, paths } = layout.current.value
    const toggles = page.columns.value.map((column): MenuItem => {
      const isOn = isWanted(column, chosen, facts)
      const isPath = column.id.startsWith('$')
      return {
        label: fullName(column),
        isOn,
        isCode: isPath,
        isDisabled: column.stays === true,
        choose: () => (isPath ? removeColumn(page, column.id) : showColumn(page, column.id, !isOn)),
      }
    })
    const isChanged =
      paths.length > 0 ||
      Object.keys(chosen).length > 0 ||
      Object.keys(layout.current.value.columns).length > 0
    return [
      ...toggles,
      'line',
      {
        label: l10n.t('Column from JSON…'),
        isDisabled: paths.length >= MOST_PATHS,
        choose: () => openPathMenu(page, x, y),
      },
      {
        label: l10n.t('Reset Columns'),
        isDisabled: !isChanged,
        choose: () => {
          layout.change({ chosen: {}, paths: [], columns: {} })
          page.session.touch()
        },
      },
    ]
  }
  page.menu.value = { name: l10n.t('Columns'), x, y, items }
}

/** The paths of recent messages, to choose a column from. */
function openPathMenu(page: PageState, x: number, y: number): void {
  const open = (paths: readonly { readonly path: string }[]) => {
    page.menu.value = {
      name: l10n.t('Column from JSON'),
      x,
      y,
      items: () =>
        paths.length === 0
          ? [{ label: l10n.t('No JSON in the newest messages'), isDisabled: true, choose: () => {} }]
          : paths.map(({ path }) => ({ label: path, isCode: true, choose: () => addColumn(page, path) })),
    }
  }
  void page.call('paths', null).then((paths) => paths !== undefined && open(paths))
}
