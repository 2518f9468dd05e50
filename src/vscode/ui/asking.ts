/**
 * Shows quick picks and input boxes while a page may have the keyboard. When the command palette closes, the workbench
 * gives the focus back to the panel. On a slow machine the webview takes it late, and would then receive what the user
 * types into a box that has opened meanwhile.
 */
import * as vscode from 'vscode'
import { cancelled } from './notifier.ts'

/** A page that may have the keyboard. */
export interface KeyboardPage {
  /** It is in view and has not loaded. The workbench may focus it when it has. */
  readonly isLoading: boolean
  /** Resolves when nothing in the page takes keys, or after a timeout. */
  giveUpKeyboard(): Promise<void>
  /** The last box has closed. */
  haveKeyboardBack(): void
}

/** Milliseconds after a box has closed in which a page may still get the focus back from it, on a slow machine. */
const LATE = 5000

interface Box {
  readonly focus: () => unknown
  isShown: boolean
}

const pages = new Set<KeyboardPage>()
/** The boxes that are open or about to open, in the order of opening. */
const asked: Box[] = []
/** When the latest box closed, by `performance.now()`. */
let closedAt = Number.NEGATIVE_INFINITY

/** In a quick pick this focuses the list: keys move in it, but letters do not filter it. */
const focusQuickInput = () => vscode.commands.executeCommand('workbench.action.focusQuickOpen')

export function addKeyboardPage(page: KeyboardPage): vscode.Disposable {
  pages.add(page)
  return new vscode.Disposable(() => pages.delete(page))
}

/** Whether the user is being asked for something. Nothing else takes the focus meanwhile. */
export function isAsking(): boolean {
  return asked.length > 0
}

/** Shows a box while every page leaves the keyboard alone. */
export async function asking<T>(show: () => Thenable<T>, focus: () => unknown = focusQuickInput): Promise<T> {
  const box: Box = { focus, isShown: false }
  asked.push(box)
  try {
    await Promise.all([...pages].map((page) => page.giveUpKeyboard()))
    box.isShown = true
    return await show()
  } finally {
    asked.splice(asked.indexOf(box), 1)
    closedAt = performance.now()
    if (asked.length === 0) for (const page of pages) page.haveKeyboardBack()
  }
}

/** Whether a page may take the focus although the user does not move it there. */
function mayTakeFocus(): boolean {
  const isEarly = performance.now() - closedAt < LATE
  return [...pages].some((page) => page.isLoading || isEarly)
}

/**
 * Asks for one of the items. Returns undefined if the user cancels. A page does not close the box if it takes the focus when it
 * has loaded, or when it gets it back from the question before.
 */
export function askChoice<T extends vscode.QuickPickItem>(
  items: readonly T[],
  options: vscode.QuickPickOptions,
): Promise<T | undefined> {
  return asking(() => {
    const { ignoreFocusOut = mayTakeFocus() } = options
    return vscode.window.showQuickPick(items, { ...options, ignoreFocusOut })
  })
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
  const newest = asked.at(-1)
  if (newest?.isShown) await newest.focus()
}
