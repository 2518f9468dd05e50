/** The quick pick that asks for a URL: offers recent connections, and validates while the user types. */
import * as vscode from 'vscode'
import { curlConnection, looksLikeCurl } from '../../request/imports/curl/read.ts'
import { presetsWithWords } from '../../request/presets/table.ts'
import { hasMask } from '../../request/remembered.ts'
import { summaryOf, withUrl } from '../../request/request.ts'
import { isWords, matchesWords, readTyped } from '../../request/typed-url.ts'
import { connectionNames } from '../../shared/connection-names.ts'
import { Failure } from '../../shared/failure.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { schemeOf } from '../../shared/transports.ts'
import type { RememberedConnections } from '../session/remembered-connections.ts'
import { askTyped } from '../ui/typed-pick.ts'
import { plainText } from '../ui/untrusted-text.ts'

export interface AskedUrl {
  readonly spec: ConnectionSpec
  /** The user wants to configure the connection first. */
  readonly configure: boolean
}

/** A preset, by its name. */
export interface AskedPreset {
  readonly preset: string
}

interface Item extends vscode.QuickPickItem {
  readonly asked?: AskedUrl
  readonly preset?: string
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

/** The URL, the other options, and whether the user will be asked for secrets. */
function describe(spec: ConnectionSpec): string {
  const secrets = hasMask(spec) ? vscode.l10n.t('asks for its secrets') : ''
  return [spec.url, summaryOf(spec), secrets].filter(Boolean).join(' · ')
}

/** What a pasted curl command means. */
function curlItems(typed: string): Item[] {
  try {
    const { spec, notTaken } = curlConnection(typed)
    const item = {
      description: describe(spec),
      ...(notTaken.length > 0 && { detail: plainText(notTaken.join(' ')) }),
      alwaysShow: true,
    }
    return [
      { ...item, label: `$(plug) ${kindOf(spec)}`, buttons: [CONFIGURE], asked: { spec, configure: false } },
      { ...item, label: vscode.l10n.t('$(gear) Configure…'), asked: { spec, configure: true } },
    ]
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    return [{ label: '$(error)', description: thrown.message, alwaysShow: true }]
  }
}

/**
 * The URL is the description, not the label: the quick pick sorts items by how their labels match the typed text, and
 * the likeliest meaning has to stay first.
 */
function typedItems(typed: string, edited: ConnectionSpec | undefined): Item[] {
  if (looksLikeCurl(typed)) return curlItems(typed)
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
  const all = remembered.recents()
  const names = connectionNames(all.map((spec, id) => ({ id, url: spec.url })))
  const recents = all.filter((spec, id) =>
    matchesWords(typed.trim(), [spec.url, names.get(id) ?? '', kindOf(spec)]),
  )
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

/** Before anything is typed, Enter must not begin with the first preset. */
const HINT: Item = {
  label: '$(info)',
  description: vscode.l10n.t('Type a URL, or choose a preset.'),
  alwaysShow: true,
}

function presetItems(typed: string): Item[] {
  const presets = typed.trim() === '' || isWords(typed) ? presetsWithWords(typed) : []
  if (presets.length === 0) return []
  return [
    { label: vscode.l10n.t('presets'), kind: vscode.QuickPickItemKind.Separator },
    ...presets.map(
      ({ name, title, hint }): Item => ({
        label: vscode.l10n.t('$(library) Preset'),
        description: `${title} · ${hint}`,
        alwaysShow: true,
        preset: name,
      }),
    ),
  ]
}

/** What the typed text may mean, the likeliest first: words are those of connections and presets before they are a host. */
function itemsFor(
  typed: string,
  edited: ConnectionSpec | undefined,
  remembered: RememberedConnections,
): Item[] {
  const asUrl = typedItems(typed, edited)
  const recents = recentItems(remembered, typed)
  const presets = presetItems(typed)
  const found = [...recents, ...presets]
  if (typed.trim() === '' && recents.length === 0) return [HINT, ...presets]
  return isWords(typed) && found.length > 0 ? [...found, ...asUrl] : [...asUrl, ...found]
}

/** Asks for a URL, or for a preset. Returns undefined if the user cancels. */
export function askUrl(remembered: RememberedConnections): Promise<AskedUrl | AskedPreset | undefined> {
  /** The options of this connection stay until the user empties the box. */
  let edited: ConnectionSpec | undefined
  return askTyped<Item, AskedUrl | AskedPreset>({
    title: vscode.l10n.t('Connect'),
    placeholder: vscode.l10n.t(
      'ws://, wss://, http:// or https:// URL, curl command, or words to find a recent connection or a preset',
    ),
    itemsFor: (typed) => {
      if (typed.trim() === '') edited = undefined
      return itemsFor(typed, edited, remembered)
    },
    resultOf: ({ asked, preset }) => asked ?? (preset === undefined ? undefined : { preset }),
    pressed: ({ asked }, button, box) => {
      if (asked === undefined) return undefined
      const { spec } = asked
      if (button === CONFIGURE) return { spec, configure: true }
      if (button === EDIT) {
        edited = spec
        box.type(spec.url)
      } else void remembered.forgetRecent(spec).then(box.update)
      return undefined
    },
  })
}
