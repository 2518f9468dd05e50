/** Asks which faults a recording proxy causes on purpose: adds, removes and replaces those that are on. */
import * as vscode from 'vscode'
import { matchesWords } from '../../request/typed-url.ts'
import { Failure } from '../../shared/failure.ts'
import { formatFault, parseFault } from '../../shared/faults/fault-text.ts'
import { faultWords } from '../../shared/faults/fault-words.ts'
import { PRESETS } from '../../shared/faults/presets.ts'
import type { FaultSpec } from '../../shared/faults.ts'
import type { ProxyStatus } from '../../shared/protocol/traffic.ts'
import { cancelled } from '../ui/notifier.ts'
import { askTyped } from '../ui/typed-pick.ts'
import { nameOf } from './proxies.ts'

interface Item extends vscode.QuickPickItem {
  /** All that are on afterwards; absent if the item cannot be chosen. */
  readonly faults?: readonly FaultSpec[]
}

const NONE: Item = {
  label: vscode.l10n.t('$(circle-slash) No faults'),
  description: vscode.l10n.t('everything passes as it is'),
  alwaysShow: true,
  faults: [],
}

const { models: MODELS } = faultWords(vscode.l10n)

const textOf = (faults: readonly FaultSpec[]) => faults.map(formatFault).join('  ')

function presetItems(typed: string): readonly Item[] {
  return PRESETS.filter(({ name }) => matchesWords(typed.trim(), [name, MODELS[name]])).map(
    ({ name, faults }) => ({
      label: `$(zap) ${name}`,
      description: MODELS[name],
      detail: textOf(faults),
      alwaysShow: true,
      faults,
    }),
  )
}

/** What can be done with faults that are on. */
function presentItems(present: readonly FaultSpec[]): readonly Item[] {
  return present.map((fault) => ({
    label: vscode.l10n.t('$(trash) Remove'),
    description: formatFault(fault),
    alwaysShow: true,
    faults: present.filter((each) => each !== fault),
  }))
}

/** What can be done with faults that are typed, the likeliest first. */
function typedItems(typed: string, present: readonly FaultSpec[]): readonly Item[] {
  try {
    const faults = parseFault(typed.trim())
    const item = { description: textOf(faults), alwaysShow: true }
    if (present.length === 0) return [{ ...item, label: vscode.l10n.t('$(zap) Cause'), faults }]
    return [
      { ...item, label: vscode.l10n.t('$(add) Add'), faults: [...present, ...faults] },
      { ...item, label: vscode.l10n.t('$(zap) Replace all by'), faults },
    ]
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    return [{ label: '$(error)', description: thrown.message, alwaysShow: true }]
  }
}

/** Resolves to all faults that are to be on. Rejects with `CANCELLED`. */
export async function askFaults(proxy: ProxyStatus): Promise<readonly FaultSpec[]> {
  const { faults: present } = proxy
  const faults = await askTyped<Item, readonly FaultSpec[]>({
    title:
      present.length === 0
        ? vscode.l10n.t('Faults on Purpose: {0}', nameOf(proxy))
        : vscode.l10n.t('Faults on Purpose: {0}, now {1}', nameOf(proxy), textOf(present)),
    placeholder: vscode.l10n.t('A preset, or a fault such as delay=200, drop=0.1 or cut-after=30s'),
    itemsFor: (typed) => {
      const presets = presetItems(typed)
      if (typed.trim() === '') return [...presentItems(present), ...presets, NONE]
      const isPreset = PRESETS.some(({ name }) => name === typed.trim())
      if (presets.length > 0 && !isPreset) return [...presets, NONE]
      return [...typedItems(typed, present), NONE]
    },
    resultOf: (item) => item.faults,
  })
  if (faults === undefined) throw cancelled()
  return faults
}
