/** Asks which faults a recording proxy causes on purpose: a preset, a fault as the terminal takes it, or none. */
import * as vscode from 'vscode'
import { matchesWords } from '../../request/typed-url.ts'
import { Failure } from '../../shared/failure.ts'
import { formatFault, parseFault } from '../../shared/faults/fault-text.ts'
import { PRESETS } from '../../shared/faults/presets.ts'
import type { FaultSpec } from '../../shared/faults.ts'
import type { ProxyStatus } from '../../shared/protocol/traffic.ts'
import { cancelled } from '../ui/notifier.ts'
import { askTyped } from '../ui/typed-pick.ts'
import { nameOf } from './proxies.ts'

interface Item extends vscode.QuickPickItem {
  readonly faults?: readonly FaultSpec[]
}

const NONE: Item = {
  label: vscode.l10n.t('$(circle-slash) No faults'),
  description: vscode.l10n.t('everything passes as it is'),
  alwaysShow: true,
  faults: [],
}

function presetItems(typed: string): readonly Item[] {
  return PRESETS.filter(({ name, models }) => matchesWords(typed.trim(), [name, models])).map(
    ({ name, models, faults }) => ({
      label: `$(zap) ${name}`,
      description: models,
      detail: faults.map(formatFault).join('  '),
      alwaysShow: true,
      faults,
    }),
  )
}

function typedItem(typed: string): Item {
  try {
    const faults = parseFault(typed.trim())
    const description = faults.map(formatFault).join('  ')
    return { label: vscode.l10n.t('$(zap) Cause'), description, alwaysShow: true, faults }
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    return { label: '$(error)', description: thrown.message, alwaysShow: true }
  }
}

/** Rejects with `CANCELLED`. */
export async function askFaults(proxy: ProxyStatus): Promise<readonly FaultSpec[]> {
  const now = proxy.faults.map(formatFault).join('  ')
  const faults = await askTyped<Item, readonly FaultSpec[]>({
    title:
      now === ''
        ? vscode.l10n.t('Faults of the Proxy for {0}', nameOf(proxy))
        : vscode.l10n.t('Faults of the Proxy for {0}, now {1}', nameOf(proxy), now),
    placeholder: vscode.l10n.t('A preset, or a fault such as delay=200, drop=0.1 or cut-after=30s'),
    itemsFor: (typed) => {
      const presets = presetItems(typed)
      if (typed.trim() === '') return [...presets, NONE]
      return presets.length > 0 ? [...presets, NONE] : [typedItem(typed), NONE]
    },
    resultOf: (item) => item.faults,
  })
  if (faults === undefined) throw cancelled()
  return faults
}
