/** The quick pick that asks for a URL: recent ones offered, validated as typed. */
import * as vscode from 'vscode'
import { MASK } from '../../shared/secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { Memory } from '../memory.ts'
import { readTyped } from './typed-url.ts'

export interface AskedUrl {
  readonly spec: ConnectionSpec
  /** More is to be asked before connecting. */
  readonly configure: boolean
}

interface Item extends vscode.QuickPickItem {
  readonly asked?: AskedUrl
  readonly recent?: ConnectionSpec
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

function typedItems(typed: string): Item[] {
  const read = readTyped(typed)
  if (read.kind === 'empty') return []
  if (read.kind === 'problem') return [{ label: `$(error) ${read.message}`, alwaysShow: true }]
  const connects = read.urls.map(
    (url): Item => ({
      label: `$(plug) ${url}`,
      description: isSocket(url) ? 'WebSocket' : 'transport found from the answer',
      alwaysShow: true,
      buttons: [CONFIGURE],
      asked: { spec: { url }, configure: false },
    }),
  )
  const [url = ''] = read.urls
  return [
    ...connects,
    {
      label: '$(gear) Configure…',
      description: isSocket(url) ? 'headers, subprotocols, reconnect' : 'transport, method, headers, body',
      alwaysShow: true,
      asked: { spec: { url }, configure: true },
    },
  ]
}

function recentItems(memory: Memory): Item[] {
  const recents = memory.recents()
  if (recents.length === 0) return []
  return [
    { label: 'recent', kind: vscode.QuickPickItemKind.Separator },
    ...recents.map((spec): Item => {
      const transport = spec.transport === undefined || spec.transport === 'auto' ? '' : spec.transport
      return {
        label: spec.url,
        description: JSON.stringify(spec).includes(MASK)
          ? `${transport} asks for its secrets`.trim()
          : transport,
        buttons: [EDIT, CONFIGURE, FORGET],
        asked: { spec, configure: false },
        recent: spec,
      }
    }),
  ]
}

/** Asks; undefined where the user changed their mind. `typed` is there to be edited at first. */
export function askUrl(memory: Memory, typed = ''): Promise<AskedUrl | undefined> {
  const pick = vscode.window.createQuickPick<Item>()
  pick.title = 'Connect'
  pick.placeholder = 'ws://, wss://, http:// or https:// URL'
  pick.value = typed
  const update = () => {
    pick.items = [...typedItems(pick.value), ...recentItems(memory)]
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
