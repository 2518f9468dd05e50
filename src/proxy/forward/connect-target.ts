/** What a `CONNECT` request asks for (RFC 9110 section 9.3.6). */
import { Refusal } from '../http/refusal.ts'
import type { RequestHead } from '../http/request-head.ts'

export interface ConnectTarget {
  /** In lower case; an IPv6 address without brackets. */
  readonly host: string
  /** As in a URL. */
  readonly authority: string
}

const AUTHORITY = /^(?:([\w.-]{1,253})|\[([\da-fA-F:.]{2,45})\]):(\d{1,5})$/

/** Throws a `Refusal` if the request does not name a host and a port. */
export function connectTarget({ target }: RequestHead): ConnectTarget {
  const [, name, address, digits] = AUTHORITY.exec(target) ?? []
  const port = Number(digits)
  const host = (name ?? address ?? '').toLowerCase()
  const authority = address === undefined ? `${host}:${port}` : `[${host}]:${port}`
  if (host === '' || port < 1 || !URL.canParse(`http://${authority}`))
    throw new Refusal(400, 'A CONNECT request must name a host and a port, such as example.com:443.')
  return { host, authority }
}

/** Whether a host is among those that are named: exactly, or below one that is written as `*.example.com`. */
export function isNamed(host: string, names: readonly string[]): boolean {
  return names.some((name) =>
    name.startsWith('*.') ? host.endsWith(name.slice(1).toLowerCase()) : host === name.toLowerCase(),
  )
}
