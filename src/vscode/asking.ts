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
let asked = 0

export function addKeyboardPage(page: KeyboardPage): vscode.Disposable {
  pages.add(page)
  return new vscode.Disposable(() => pages.delete(page))
}

/** Has pages keep their hands off the keyboard while something is asked. */
export async function asking<T>(show: () => Thenable<T>): Promise<T> {
  asked++
  try {
    await Promise.all([...pages].map((page) => page.giveUpKeyboard()))
    return await show()
  } finally {
    asked--
    if (asked === 0) for (const page of pages) page.haveKeyboardBack()
  }
}

/** A page got the focus though nobody went there: it belongs to what is asked. */
export async function focusWhatIsAsked(): Promise<void> {
  if (asked > 0) await vscode.commands.executeCommand('workbench.action.focusQuickOpen')
}
