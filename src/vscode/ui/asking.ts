/**
 * Shows quick picks and input boxes while a page may have the keyboard. When the command palette closes, the workbench
 * gives the focus back to the panel. On a slow machine the webview takes it late, and would then receive what the user
 * types into a box that has opened meanwhile.
 */
import * as vscode from 'vscode'
import { cancelled } from './notifier.ts'

/** A page that may have the keyboard. */
export interface KeyboardPage {
  /** Resolves when nothing in the page takes keys, or after a timeout. */
  giveUpKeyboard(): Promise<void>
  /** The last box has closed. */
  haveKeyboardBack(): void
}

const pages = new Set<KeyboardPage>()
/** How to focus each box that is open, in the order of opening. */
const asked: (() => unknown)[] = []

/** In a quick pick this focuses the list: keys move in it, but letters do not filter it. */
const focusQuickInput = () => vscode.commands.executeCommand('workbench.action.focusQuickOpen')

export function addKeyboardPage(page: KeyboardPage): vscode.Disposable {
  pages.add(page)
  return new vscode.Disposable(() => pages.delete(page))
}

/** Shows a box while every page leaves the keyboard alone. */
export async function asking<T>(show: () => Thenable<T>, focus: () => unknown = focusQuickInput): Promise<T> {
  asked.push(focus)
  try {
    await Promise.all([...pages].map((page) => page.giveUpKeyboard()))
    return await show()
  } finally {
    asked.splice(asked.lastIndexOf(focus), 1)
    if (asked.length === 0) for (const page of pages) page.haveKeyboardBack()
  }
}

/** Asks for one of the items. Returns undefined if the user cancels. */
export function askChoice<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: vscode.QuickPickOptions,
): Promise<T | undefined> {
  return asking(() => vscode.window.showQuickPick(items, options))
}

/** Returns the only item, or asks for one. Rejects with `CANCELLED`. */
export async function pickOne<T extends vscode.QuickPickItem>(
  items: readonly T[],
  title: string,
  options: vscode.QuickPickOptions = {},
): Promise<T> {
  const chosen = items.length === 1 ? items[0] : await askChoice(items, { title, ...options })
  if (chosen === undefined) throw cancelled()
  return chosen
}

/** Asks for a text in a box that stays when it loses the focus. Rejects with `CANCELLED`. */
export async function askText(options: vscode.InputBoxOptions): Promise<string> {
  const text = await asking(() => vscode.window.showInputBox({ ...options, ignoreFocusOut: true }))
  if (text === undefined) throw cancelled()
  return text
}

/** Gives the focus to the newest box, because a page got it although the user did not move it there. */
export async function focusWhatIsAsked(): Promise<void> {
  await asked.at(-1)?.()
}
