/** What the side bar shows of a request in a file. Uses of `vscode` only its texts. */
import { posix } from 'node:path'
import { l10n } from 'vscode'
import type { FileRequest } from '../../request/file/request-file.ts'
import { protocolOf } from '../../request/file/settings.ts'
import { maskUrl } from '../../shared/secrets.ts'
import type { ConnectionStatus } from '../../shared/status.ts'
import { type TransportName, traitsOf } from '../../shared/transports.ts'
import { isLive } from '../session/live-session.ts'
import { requestCount } from '../ui/counts.ts'
import { colorId, describeConnection } from './connection-look.ts'
import { joined, type RowLook } from './tree-row.ts'

const ICONS: Readonly<Record<TransportName | 'auto', string>> = {
  websocket: 'arrow-swap',
  sse: 'arrow-down',
  'long-poll': 'sync',
  poll: 'sync',
  'http-stream': 'arrow-down',
  auto: 'arrow-right',
}

/** The latest run of a request. */
export interface Run {
  readonly status: ConnectionStatus
  /** From 1. */
  readonly color: number
  /** Milliseconds between two polls. */
  readonly interval: number | undefined
}

/** A file, by its path in the workspace. */
export function requestFileLook(path: string, count: number): RowLook {
  const folder = posix.dirname(path)
  const { base } = posix.parse(path)
  return {
    label: base,
    description: folder === '.' ? '' : folder,
    context: 'requestFile',
    spoken: joined(base, folder === '.' ? '' : folder, requestCount(count)),
    folding: 'expanded',
  }
}

export function requestLook(name: string, request: FileRequest, run: Run | undefined): RowLook {
  const isOpen = run !== undefined && isLive(run.status)
  const description = joined(
    techniqueOf(request),
    run === undefined ? '' : describeConnection(run.status, run.interval),
  )
  return {
    label: name,
    description,
    icon: ICONS[request.transport],
    ...(isOpen && { color: colorId(run.color) }),
    context: ['request', ...(isOpen ? ['live'] : []), ...(run === undefined ? [] : ['ran'])].join(' '),
    spoken: `${name}, ${description}`,
    command: 'realtimeInspector.openRequest',
  }
}

/** The protocol that it speaks, or how it receives: `socket.io`, `SSE`. */
function techniqueOf(request: FileRequest): string {
  const { transport, method } = request
  return protocolOf(request) ?? traitsOf(transport)?.label ?? method?.text ?? 'GET'
}

/** The hover, as plain text. */
export function requestTooltip(request: FileRequest, path: string, line: number): string {
  const { method, url, steps, title, name } = request
  const messages = steps.filter(({ kind }) => kind === 'send').length
  return [
    ...(title !== undefined && title.text !== name?.text ? [title.text] : []),
    [method?.text, maskUrl(url.text)].filter(Boolean).join(' '),
    ...(messages > 0 ? [l10n.t('Messages: {0}', messages)] : []),
    l10n.t('{0}, line {1}', path, line),
  ].join('\n')
}
