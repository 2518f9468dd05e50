/** The quick pick that asks for a URL: recent ones offered, validated as typed. */
import * as vscode from 'vscode'
import { hasMask } from '../../request/remembered.ts'
import { summaryOf, withUrl } from '../../request/request.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { schemeOf } from '../../shared/transports.ts'
import type { RememberedConnections } from '../session/remembered-connections.ts'
import { asking } from '../ui/asking.ts'
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
  tooltip: vscode.l10n.t('Configure…'),
}
const EDIT: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('edit'),
  tooltip: vscode.l10n.t('Edit the URL and keep the rest'),
}
const FORGET: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('close'),
  tooltip: vscode.l10n.t('Forget'),
}

function kindOf(spec: ConnectionSpec): string {
  if (schemeOf(spec.url) === 'ws') return 'WebSocket'
  return spec.transport === undefined || spec.transport === 'auto' ? 'HTTP' : spec.transport
}

/** Its URL, what it has besides, and whether more will be asked. */
function describe(spec: ConnectionSpec): string {
  const secrets = hasMask(spec) ? vscode.l10n.t('asks for its secrets') : ''
  return [spec.url, summaryOf(spec), secrets].filter(Boolean).join(' · ')
}

/**
 * The URL is the description, not the label: the quick pick sorts by how labels match what was typed, and
 * the likeliest meaning has to stay first.
 */
function typedItems(typed: string, edited: ConnectionSpec | undefined): Item[] {
  const read = readTyped(typed)
  if (read.kind === 'empty') return []
  if (read.kind === 'problem') return [{ label: '$(error)', description: read.message, alwaysShow: true }]
  const specs = read.urls.map((url) => (edited === undefined ? { url } : withUrl(edited, url)))
  const connects = specs.map(
    (spec): Item => ({
      label: `$(plug) ${kindOf(spec)}`,
      description: describe(spec),
      alwaysShow: true,
      buttons: [CONFIGURE],
      asked: { spec, configure: false },
    }),
  )
  const [first = { url: '' }] = specs
  const { url } = first
  const settings =
    schemeOf(url) === 'ws'
      ? vscode.l10n.t('headers, subprotocols, reconnect of {0}', url)
      : vscode.l10n.t('transport, method, headers, body of {0}', url)
  return [
    ...connects,
    {
      label: vscode.l10n.t('$(gear) Configure…'),
      description: settings,
      alwaysShow: true,
      asked: { spec: first, configure: true },
    },
  ]
}

function recentItems(remembered: RememberedConnections, typed: string): Item[] {
  const wanted = typed.trim().toLowerCase()
  const recents = remembered.recents().filter(({ url }) => url.toLowerCase().includes(wanted))
  if (recents.length === 0) return []
  return [
    { label: vscode.l10n.t('recent'), kind: vscode.QuickPickItemKind.Separator },
    ...recents.map(
      (spec): Item => ({
        label: `$(history) ${kindOf(spec)}`,
        description: describe(spec),
        alwaysShow: true,
        buttons: [EDIT, CONFIGURE, FORGET],
        asked: { spec, configure: false },
      }),
    ),
  ]
}

/**
 * Asks; undefined where the user changed their mind. Of a connection that is `given` the URL is there to be edited,
 * and all else it has stays, until another is begun by emptying the box.
 */
export function askUrl(
  remembered: RememberedConnections,
  given?: ConnectionSpec,
): Promise<AskedUrl | undefined> {
  const pick = vscode.window.createQuickPick<Item>()
  return asking(
    () => pickUrl(pick, remembered, given),
    () => showAgain(pick),
  )
}

const shownAgain = new WeakSet<vscode.QuickPick<Item>>()

/** Only what is shown gets the focus into its box. */
function showAgain(pick: vscode.QuickPick<Item>): void {
  shownAgain.add(pick)
  pick.hide()
  pick.show()
}

function pickUrl(
  pick: vscode.QuickPick<Item>,
  remembered: RememberedConnections,
  given: ConnectionSpec | undefined,
): Promise<AskedUrl | undefined> {
  pick.title = vscode.l10n.t('Connect')
  pick.placeholder = vscode.l10n.t('ws://, wss://, http:// or https:// URL')
  pick.value = given?.url ?? ''
  let edited = given
  // A URL half typed outlives a look at another editor, and a panel that comes alive beside it.
  pick.ignoreFocusOut = true
  /** Something was made active in the list as it is now; what is chosen before that was chosen in another. */
  let isSeen = false
  const update = () => {
    isSeen = false
    if (pick.value.trim() === '') edited = undefined
    pick.items = [...typedItems(pick.value, edited), ...recentItems(remembered, pick.value)]
  }
  return new Promise<AskedUrl | undefined>((resolve) => {
    const finish = (asked: AskedUrl | undefined) => {
      resolve(asked)
      pick.hide()
    }
    pick.onDidChangeValue(update)
    pick.onDidChangeActive(() => {
      isSeen = true
    })
    pick.onDidAccept(() => {
      // Who presses Enter at once means what was typed, whatever list was still on the screen.
      const [chosen] = isSeen ? pick.selectedItems : pick.items
      if (chosen?.asked !== undefined) finish(chosen.asked)
    })
    pick.onDidTriggerItemButton(({ item, button }) => {
      const spec = item.asked?.spec
      if (spec === undefined) return
      if (button === CONFIGURE) finish({ spec, configure: true })
      else if (button === EDIT) {
        edited = spec
        pick.value = spec.url
        update()
      } else void remembered.forgetRecent(spec).then(update)
    })
    pick.onDidHide(() => {
      if (shownAgain.delete(pick)) return
      resolve(undefined)
      pick.dispose()
    })
    update()
    pick.show()
  })
}
