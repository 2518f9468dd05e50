/** The page in the active editor, for the commands that act on it. */
import * as vscode from 'vscode'
import type { PageAction } from '../../shared/protocol/notifications.ts'
import type { CommandId } from '../contributions.ts'

interface ActingPage {
  readonly isActive: boolean
  act(action: PageAction): void
}

const pages = new Set<ActingPage>()

/** Makes a page known until it is disposed. */
export function addPage(page: ActingPage): vscode.Disposable {
  pages.add(page)
  return new vscode.Disposable(() => pages.delete(page))
}

function acting(action: PageAction): () => void {
  return () => [...pages].find(({ isActive }) => isActive)?.act(action)
}

export const PAGE_COMMANDS = {
  'realtimeInspector.filterEvents': acting('filter'),
  'realtimeInspector.pause': acting('pause'),
  'realtimeInspector.showKeys': acting('keys'),
} as const satisfies Partial<Record<CommandId, () => void>>
