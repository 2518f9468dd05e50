/** The quick pick that asks for a URL: recent ones offered, validated as typed. */
import * as vscode from 'vscode'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { hasMask, type Memory } from '../memory.ts'
import { readTyped } from './typed-url.ts'

export interface AskedUrl {
  readonly spec: ConnectionSpec
  /** More is to be asked before connecting. */
  readonly configure: boolean
}

interface Item extends vscode.QuickPickItem {
  readonly asked?: AskedUrl
}

const CONFIGURE: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('gear'),
  tooltip: 'Configure…',
}
const EDIT: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('edit'), tooltip: 'Edit the URL' }
const FORGET: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('close'), tooltip: 'Forget' }

function isSocket(url: string): boolean {
  return /^wss?:/i.test(url)
}

function kindOf(spec: ConnectionSpec): string {
  if (isSocket(spec.url)) return 'WebSocket'
  return spec.transport === undefined || spec.transport === 'auto' ? 'HTTP' : spec.transport
}

/**
 * The URL is the description, not the label: the quick pick sorts by how labels match what was typed, and
 * the likeliest meaning has to stay first.
 */
function typedItems(typed: string): Item[] {
  const read = readTyped(typed)
  if (read.kind === 'empty') return []
  if (read.kind === 'problem') return [{ label: '$(error)', description: read.message, alwaysShow: true }]
  const connects = read.urls.map(
    (url): Item => ({
      label: `$(plug) ${kindOf({ url })}`,
      description: url,
      alwaysShow: true,
      buttons: [CONFIGURE],
      asked: { spec: { url }, configure: false },
    }),
  )
  const [url = ''] = read.urls
  const what = isSocket(url) ? 'headers, subprotocols, reconnect' : 'transport, method, headers, body'
  return [
    ...connects,
    {
      label: '$(gear) Configure…',
      description: `${what} of ${url}`,
      alwaysShow: true,
      asked: { spec: { url }, configure: true },
    },
  ]
}

function recentItems(memory: Memory, typed: string): Item[] {
  const wanted = typed.trim().toLowerCase()
  const recents = memory.recents().filter(({ url }) => url.toLowerCase().includes(wanted))
  if (recents.length === 0) return []
  return [
    { label: 'recent', kind: vscode.QuickPickItemKind.Separator },
    ...recents.map(
      (spec): Item => ({
        label: `$(history) ${kindOf(spec)}`,
        description: hasMask(spec) ? `${spec.url} · asks for its secrets` : spec.url,
        alwaysShow: true,
        buttons: [EDIT, CONFIGURE, FORGET],
        asked: { spec, configure: false },
      }),
    ),
  ]
}

/** Asks; undefined where the user changed their mind. `typed` is there to be edited at first. */
export function askUrl(memory: Memory, typed = ''): Promise<AskedUrl | undefined> {
  const pick = vscode.window.createQuickPick<Item>()
  pick.title = 'Connect'
  pick.placeholder = 'ws://, wss://, http:// or https:// URL'
  pick.value = typed
  // A URL half typed outlives a look at another editor, and a panel that comes alive beside it.
  pick.ignoreFocusOut = true
  const update = () => {
    pick.items = [...typedItems(pick.value), ...recentItems(memory, pick.value)]
  }
  return new Promise<AskedUrl | undefined>((resolve) => {
    const finish = (asked: AskedUrl | undefined) => {
      resolve(asked)
      pick.hide()
    }
    pick.onDidChangeValue(update)
    pick.onDidAccept(() => {
      const asked = pick.selectedItems[0]?.asked
      if (asked !== undefined) finish(asked)
    })
    pick.onDidTriggerItemButton(({ item, button }) => {
      const spec = item.asked?.spec
      if (spec === undefined) return
      if (button === CONFIGURE) finish({ spec, configure: true })
      else if (button === EDIT) {
        pick.value = spec.url
        update()
      } else void memory.forgetRecent(spec).then(update)
    })
    pick.onDidHide(() => {
      resolve(undefined)
      pick.dispose()
    })
    update()
    pick.show()
  })
}
