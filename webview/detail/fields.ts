/** An event's fields, as entries for the tabs of the details. Fields may come from a file and have any type. */

import * as l10n from '@vscode/l10n'
import { readableField } from '../../src/shared/headers.ts'
import { formatBytes, frameCount } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'

export type Fields = Readonly<Record<string, unknown>>

export interface Entry {
  readonly name: string
  readonly value: string
  /** Moves to another event. */
  readonly open?: () => void
}

/** A field's value in one line. */
export function show(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function trailerEntries(trailers: unknown): Entry[] {
  return headerEntries({ headers: trailers }).map(({ name, value }) => ({
    name: l10n.t('trailer {0}', name),
    value,
  }))
}

/** Header fields, with one entry for each value. */
export function headerEntries(fields: Fields): Entry[] {
  const headers = fields.headers
  if (typeof headers !== 'object' || headers === null) return []
  return Object.entries(headers).flatMap(([name, value]: [string, unknown]) =>
    [value].flat().map((one) => ({ name, value: readableField(show(one)) })),
  )
}

const HANDSHAKE_FIELDS = [
  ['url', 'URL'],
  ['method', l10n.t('Method')],
  ['transport', l10n.t('Transport')],
  ['status', l10n.t('Status')],
  ['httpVersion', l10n.t('HTTP version')],
  ['subprotocols', l10n.t('Subprotocols offered')],
  ['subprotocol', l10n.t('Subprotocol')],
  ['extensions', l10n.t('Extensions')],
  ['framing', l10n.t('Framing')],
  ['remoteAddress', l10n.t('Remote address')],
  ['cursor', l10n.t('Cursor')],
] as const

/** What was negotiated: status, version, subprotocol, address, TLS, redirects. */
export function handshakeEntries(fields: Fields): Entry[] {
  const entries: Entry[] = HANDSHAKE_FIELDS.flatMap(([key, name]) => {
    const value = fields[key]
    return value === undefined
      ? []
      : [{ name, value: Array.isArray(value) ? value.map(show).join(', ') : show(value) }]
  })
  const { tls, redirects } = fields
  if (typeof tls === 'object' && tls !== null && 'protocol' in tls && 'cipher' in tls)
    entries.push({ name: 'TLS', value: `${show(tls.protocol)}, ${show(tls.cipher)}` })
  if (typeof tls === 'object' && tls !== null && 'validTo' in tls)
    entries.push({ name: l10n.t('Certificate valid until'), value: show(tls.validTo) })
  if (Array.isArray(redirects))
    for (const redirect of redirects)
      entries.push({ name: l10n.t('Redirect'), value: redirectText(redirect) })
  return entries
}

function redirectText(redirect: unknown): string {
  if (typeof redirect !== 'object' || redirect === null) return show(redirect)
  const status = 'status' in redirect ? show(redirect.status) : ''
  return `${status} ${'location' in redirect ? show(redirect.location) : ''}`.trim()
}

const PHASES = [
  ['queued', l10n.t('Queued')],
  ['dns', l10n.t('Name lookup')],
  ['tcp', l10n.t('TCP connect')],
  ['tls', l10n.t('TLS handshake')],
  ['firstByte', l10n.t('First byte')],
] as const

/** A phase of a request: when it began after the first one, and how long it took. In milliseconds. */
export interface Phase {
  readonly id: string
  readonly name: string
  readonly from: number
  readonly took: number
}

/** The phases of a request that are known, one after the other. */
export function phasesOf({ timing }: Fields): Phase[] {
  if (typeof timing !== 'object' || timing === null) return []
  let from = 0
  return PHASES.flatMap(([id, name]) => {
    const took = (timing as Fields)[id]
    if (typeof took !== 'number' || !(took >= 0)) return []
    const phase = { id, name, from, took }
    from += took
    return [phase]
  })
}

/** Durations among the event's fields, and the sizes of the heads. */
export function timingEntries(fields: Fields): Entry[] {
  const entries: Entry[] = []
  const { requestHeadSize, headSize, held, delay } = fields
  if (typeof held === 'number')
    entries.push({ name: l10n.t('Held by the server'), value: formatDuration(held) })
  if (typeof delay === 'number')
    entries.push({ name: l10n.t('Delay before the attempt'), value: formatDuration(delay) })
  if (typeof requestHeadSize === 'number')
    entries.push({ name: l10n.t('Head of the request'), value: formatBytes(requestHeadSize) })
  if (typeof headSize === 'number')
    entries.push({ name: l10n.t('Head of the response'), value: formatBytes(headSize) })
  return entries
}

/** `196 B, 1 frame, deflate 2.1×`, without what is unknown. */
export function wireText(fields: Fields, size: number, wireSize: number | undefined): string {
  const parts: string[] = []
  if (wireSize !== undefined) parts.push(formatBytes(wireSize))
  if (typeof fields.frames === 'number') parts.push(frameCount(fields.frames))
  if (fields.compressed === true)
    parts.push(
      wireSize !== undefined && wireSize > 0 ? `deflate ${(size / wireSize).toFixed(1)}×` : 'deflate',
    )
  return parts.join(', ') || l10n.t('unknown')
}

const SHOWN_ELSEWHERE = new Set([
  'type',
  'connection',
  'time',
  'size',
  'wireSize',
  'headers',
  'timing',
  'requestHeadSize',
  'headSize',
  'tls',
  'redirects',
  'initiator',
])

/** The other fields of the event, in their order. */
export function otherEntries(fields: Fields): Entry[] {
  return Object.entries(fields)
    .filter(([name]) => !SHOWN_ELSEWHERE.has(name))
    .flatMap(([name, value]) =>
      name === 'trailers' ? trailerEntries(value) : [{ name, value: show(value) }],
    )
}
