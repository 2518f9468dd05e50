/** What the side bar shows of a recording proxy. Uses of `vscode` only its texts. */
import { l10n } from 'vscode'
import type { ProxyStatus } from '../../shared/protocol/traffic.ts'
import { proxyUrl } from '../../shared/proxy-url.ts'
import { formatCount } from '../../shared/text/numbers.ts'
import { byteCount } from '../../shared/text/quantities.ts'
import { nameOf } from '../proxy/proxies.ts'
import { connectionCount, requestCount } from '../ui/counts.ts'
import { joined, type RowLook } from './tree-row.ts'

/**
 * `recorded` is the number of its connections in the session. Shows nothing that changes with each request: while VS Code
 * refreshes a row, the buttons of the rows below it have no argument.
 */
export function proxyLook(proxy: ProxyStatus, recorded: number): RowLook {
  const { listening, faults, held = [], target } = proxy
  const label = l10n.t('Proxy :{0}', new URL(listening).port)
  const description = joined(
    nameOf(proxy),
    recorded > 0 ? connectionCount(recorded) : l10n.t('waiting for traffic'),
    faults.length > 0 ? faultCount(faults.length) : '',
    held.length > 0 ? l10n.t('{0} held', formatCount(held.length)) : '',
  )
  return {
    label,
    description,
    icon: 'arrow-swap',
    ...(faults.length > 0 && { color: 'list.warningForeground' }),
    context: `server proxy ${target === undefined ? 'forward' : 'reverse'}`,
    spoken: `${label}, ${description}`,
    command: 'realtimeInspector.showProxies',
    // VS Code would not expand a row that could not be expanded when it was listed first.
    folding: 'expanded',
  }
}

/** What passed through a proxy without being recorded. */
export function passedLook({ passed }: ProxyStatus): RowLook {
  const label = l10n.t('Not recorded')
  const description = joined(requestCount(passed.requests), byteCount(passed.bytes))
  return { label, description, icon: 'ellipsis', context: 'passed', spoken: `${label}, ${description}` }
}

/** The hover, as plain text. */
export function proxyTooltip(proxy: ProxyStatus, recorded: number): string {
  const { target, faults } = proxy
  const url = proxyUrl(proxy)
  return [
    target === undefined
      ? l10n.t('Records what programs send to any host through {0}', url)
      : l10n.t('Records what goes to {0} through {1}', target, url),
    l10n.t('Recorded: {0}', connectionCount(recorded)),
    ...(faults.length > 0 ? [l10n.t('Causes {0} on purpose', faultCount(faults.length))] : []),
  ].join('\n')
}

function faultCount(count: number): string {
  return count === 1 ? l10n.t('1 fault') : l10n.t('{0} faults', formatCount(count))
}
