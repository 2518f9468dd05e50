/** Asks what a recording proxy passes everything on to: a server of this machine, a recent target, or any host. */
import * as vscode from 'vscode'
import { matchesWords } from '../../request/typed-url.ts'
import type { ProxyOptions } from '../../shared/protocol/traffic.ts'
import { cancelled } from '../ui/notifier.ts'
import { askTyped } from '../ui/typed-pick.ts'
import { DEV_PORTS, listeningPorts } from './dev-servers.ts'
import type { RecentTargets } from './recent-targets.ts'
import { targetsIn } from './typed-target.ts'

interface Item extends vscode.QuickPickItem {
  readonly options?: ProxyOptions
  /** A recent target, which can be forgotten. */
  readonly recent?: string
}

const FORGET: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('close'),
  tooltip: vscode.l10n.t('Forget'),
}

function typedItems(typed: string): readonly Item[] {
  const targets = targetsIn(typed)
  if (typeof targets === 'string') return [{ label: '$(error)', description: targets, alwaysShow: true }]
  return targets.map((target) => ({
    label: vscode.l10n.t('$(arrow-swap) Record'),
    description: target,
    alwaysShow: true,
    options: { target },
  }))
}

function separator(label: string): Item {
  return { label, kind: vscode.QuickPickItemKind.Separator }
}

function runningItems(ports: readonly number[]): readonly Item[] {
  return ports.map((port) => ({
    label: vscode.l10n.t('$(vm-running) Port {0}', port),
    description: `http://localhost:${port}`,
    ...(DEV_PORTS.has(port) && { detail: vscode.l10n.t('Usual for {0}', DEV_PORTS.get(port) ?? '') }),
    alwaysShow: true,
    options: { target: `http://localhost:${port}` },
  }))
}

function recentItems(targets: readonly string[]): readonly Item[] {
  return targets.map((target) => ({
    label: vscode.l10n.t('$(history) Recent'),
    description: target,
    alwaysShow: true,
    buttons: [FORGET],
    options: { target },
    recent: target,
  }))
}

/** Before anything is typed or found, Enter must not begin with the last item. */
const HINT: Item = {
  label: '$(info)',
  description: vscode.l10n.t('Type the URL or the port of your server.'),
  alwaysShow: true,
}

const FORWARD: Item = {
  label: vscode.l10n.t('$(globe) Record Everything a Program Sends (HTTP_PROXY)'),
  description: vscode.l10n.t('to any host, from a terminal with the variable set'),
  alwaysShow: true,
  options: {},
}

/** The items of a section that the words are about, under its title. */
function section(title: string, items: readonly Item[], typed: string): readonly Item[] {
  const found = items.filter(({ label, description = '', detail = '' }) =>
    matchesWords(typed.trim(), [label, description, detail]),
  )
  return found.length === 0 ? [] : [separator(title), ...found]
}

/**
 * Asks for the target. `own` are ports of this window, which are no dev servers. Rejects with `CANCELLED`.
 */
export async function askTarget(recent: RecentTargets, own: readonly number[]): Promise<ProxyOptions> {
  let ports: readonly number[] = []
  const itemsFor = (typed: string): readonly Item[] => {
    const asUrl = typedItems(typed)
    const known = new Set(ports.map((port) => `http://localhost:${port}`))
    const others = recent.all.filter((target) => !known.has(target.replace(/\/$/, '')))
    const found = [
      ...section(vscode.l10n.t('listening on this machine'), runningItems(ports), typed),
      ...section(vscode.l10n.t('recent targets'), recentItems(others), typed),
    ]
    const start = asUrl.length + found.length === 0 ? [HINT] : [...asUrl, ...found]
    return [...start, separator(vscode.l10n.t('any host')), FORWARD]
  }
  const options = await askTyped<Item, ProxyOptions>({
    title: vscode.l10n.t('Start Recording Proxy'),
    placeholder: vscode.l10n.t('URL or port of the server to record, such as http://localhost:5173'),
    itemsFor,
    resultOf: (item) => item.options,
    pressed: ({ recent: target }, _, box) => {
      if (target !== undefined) void recent.forget(target).then(box.update)
      return undefined
    },
    shown: (box) => {
      const candidates = [...DEV_PORTS.keys()].filter((port) => !own.includes(port))
      void listeningPorts(candidates).then((found) => {
        ports = found
        if (found.length > 0) box.update()
      })
    },
  })
  if (options === undefined) throw cancelled()
  return options
}
