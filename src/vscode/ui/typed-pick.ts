/** A quick pick whose items depend on what the user types, in which Enter means the typed text unless another item was chosen. */
import * as vscode from 'vscode'
import { asking } from './asking.ts'

/** The box of a quick pick that is shown. */
export interface TypedBox {
  /** Puts a text into the box. */
  type(text: string): void
  /** Lists the items again. */
  update(): void
}

export interface TypedPickOptions<Item, Result> {
  readonly title: string
  readonly placeholder: string
  /** The items for a text, the likeliest first. They need `alwaysShow`, and labels that do not match the text: VS Code sorts by that. */
  readonly itemsFor: (typed: string) => readonly Item[]
  /** What an item means; undefined if it cannot be chosen. */
  readonly resultOf: (item: Item) => Result | undefined
  /** A button of an item was pressed. The pick ends with the result, if there is one. */
  readonly pressed?: (item: Item, button: vscode.QuickInputButton, box: TypedBox) => Result | undefined
  /** Called when the pick is shown, for items that take a moment. */
  readonly shown?: (box: TypedBox) => void
}

const shownAgain = new WeakSet<object>()

/** Returns undefined if the user cancels. */
export function askTyped<Item extends vscode.QuickPickItem, Result>(
  options: TypedPickOptions<Item, Result>,
): Promise<Result | undefined> {
  const pick = vscode.window.createQuickPick<Item>()
  return asking(
    () => show(pick, options),
    () => showAgain(pick),
  )
}

/** VS Code focuses the box of a quick pick only when it is shown. Its list is then empty until it gets items. */
function showAgain(pick: vscode.QuickPick<vscode.QuickPickItem>): void {
  shownAgain.add(pick)
  pick.hide()
  pick.show()
  pick.items = [...pick.items]
}

function show<Item extends vscode.QuickPickItem, Result>(
  pick: vscode.QuickPick<Item>,
  { title, placeholder, itemsFor, resultOf, pressed, shown }: TypedPickOptions<Item, Result>,
): Promise<Result | undefined> {
  pick.title = title
  pick.placeholder = placeholder
  // A text that is half typed survives a look at another editor, and a panel that loads beside it.
  pick.ignoreFocusOut = true
  const first = () => pick.items.find(({ kind }) => kind !== vscode.QuickPickItemKind.Separator)
  /**
   * The current list is on the screen: its first item has become active. Until then, the selection belongs to an earlier
   * list. VS Code reports items by position, so those of an earlier list arrive as items of the current one.
   */
  let isSeen = false
  let isHidden = false
  const update = () => {
    if (isHidden) return
    isSeen = false
    pick.items = itemsFor(pick.value)
  }
  const type = (text: string) => {
    pick.value = text
    update()
  }
  return new Promise<Result | undefined>((resolve) => {
    const finish = (result: Result) => {
      resolve(result)
      pick.hide()
    }
    pick.onDidChangeValue(update)
    pick.onDidChangeActive(([active]) => {
      if (active !== undefined && active === first()) isSeen = true
    })
    pick.onDidAccept(() => {
      // The user who presses Enter at once means the typed text, even if the screen still shows an earlier list.
      const chosen = isSeen ? pick.selectedItems[0] : first()
      const result = chosen && resultOf(chosen)
      if (result !== undefined) finish(result)
    })
    pick.onDidTriggerItemButton(({ item, button }) => {
      const result = pressed?.(item, button, { type, update })
      if (result !== undefined) finish(result)
    })
    pick.onDidHide(() => {
      if (shownAgain.delete(pick)) return
      isHidden = true
      resolve(undefined)
      pick.dispose()
    })
    update()
    pick.show()
    shown?.({ type, update })
  })
}
