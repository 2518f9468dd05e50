/** Answers quick picks, input boxes and dialogs of parts that a test in the extension host makes itself. */
import assert from 'node:assert/strict'
import * as vscode from 'vscode'

/** What is shown: its title, and what it asks. */
export interface Asked {
  readonly title: string
  readonly prompt: string
  /** The labels of the items. */
  readonly items: readonly string[]
  readonly value: string
  readonly password: boolean
}

type Answer = string | readonly string[] | vscode.Uri | undefined

interface Item {
  readonly label: string
}

const FUNCTIONS = ['showQuickPick', 'showInputBox', 'showSaveDialog', 'showWarningMessage'] as const

/**
 * Answers everything that is asked from now on: with labels of items, a text, or a file; undefined cancels. Returns what
 * was asked, in order, and a function that ends this.
 */
export function answering(answer: (asked: Asked) => Answer): { readonly asked: Asked[]; restore(): void } {
  const asked: Asked[] = []
  const window = vscode.window as unknown as Record<string, unknown>
  const before = FUNCTIONS.map((name) => [name, window[name]] as const)
  const note = (given: Partial<Asked>) => {
    const one = { title: '', prompt: '', items: [], value: '', password: false, ...given }
    asked.push(one)
    return answer(one)
  }
  window.showQuickPick = async (items: readonly Item[], options: vscode.QuickPickOptions) => {
    const labels = items.map(({ label }) => label)
    const chosen = note({ title: options.title ?? '', prompt: options.placeHolder ?? '', items: labels })
    if (chosen === undefined) return undefined
    const named = (label: string) =>
      items.find((item) => item.label.includes(label)) ?? assert.fail(`${label} in ${labels.join(', ')}`)
    return typeof chosen === 'string' ? named(chosen) : (chosen as readonly string[]).map(named)
  }
  window.showInputBox = async ({ title, prompt, value, password }: vscode.InputBoxOptions) =>
    note({ title: title ?? '', prompt: prompt ?? '', value: value ?? '', password: password ?? false })
  window.showSaveDialog = async ({ title }: vscode.SaveDialogOptions) => note({ title: title ?? '' })
  window.showWarningMessage = async (message: string, _: unknown, ...items: string[]) =>
    note({ title: message, items })
  return {
    asked,
    restore: () => {
      for (const [name, original] of before) window[name] = original
    },
  }
}
