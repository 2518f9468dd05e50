/**
 * Asking by a quick pick or an input box while a page may have the keyboard. A webview takes the focus late where the
 * machine is slow: the workbench gives it back to the panel when the palette closes, and then what is typed into the
 * box that has opened since goes to the page.
 */
import * as vscode from 'vscode'

/** A page that may have the keyboard. */
export interface KeyboardPage {
  /** Settles once nothing in the page takes keys; not later than the page can be waited for. */
  giveUpKeyboard(): Promise<void>
  /** Nothing is asked any more. */
  haveKeyboardBack(): void
}

const pages = new Set<KeyboardPage>()
/** How to give the focus to each thing that is asked; the last one has been opened last. */
const asked: (() => unknown)[] = []

/** Of a quick pick VS Code focuses the list: keys choose in it, though letters do not narrow it. */
const focusQuickInput = () => vscode.commands.executeCommand('workbench.action.focusQuickOpen')

export function addKeyboardPage(page: KeyboardPage): vscode.Disposable {
  pages.add(page)
  return new vscode.Disposable(() => pages.delete(page))
}

/** Has pages keep their hands off the keyboard while something is asked. */
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

/** A page got the focus though nobody went there: it belongs to what is asked. */
export async function focusWhatIsAsked(): Promise<void> {
  await asked.at(-1)?.()
}
