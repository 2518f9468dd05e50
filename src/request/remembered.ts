/** A connection as it is remembered: its specification without secrets, which are asked for again. */
import type { Headers } from '../shared/event.ts'
import { MASK, maskHeaders, maskSubprotocols, maskUrl, USERINFO } from '../shared/secrets.ts'
import type { ConnectionSpec } from '../shared/spec.ts'

/**
 * Replaces secrets with `***`. The whole body counts as a secret, because its content is unknown. Certificates and keys
 * are left out.
 */
export function withoutSecrets(spec: ConnectionSpec): ConnectionSpec {
  const { headers, subprotocols, body, tls, proxy, ...rest } = spec
  return {
    ...rest,
    url: maskUrl(spec.url),
    ...(headers === undefined ? {} : { headers: maskHeaders(headers) }),
    ...(subprotocols === undefined ? {} : { subprotocols: maskSubprotocols(subprotocols) }),
    ...(body === undefined ? {} : { body: MASK }),
    ...(tls?.insecure === undefined ? {} : { tls: { insecure: tls.insecure } }),
    ...(proxy === undefined ? {} : { proxy: maskUrl(proxy) }),
  }
}

/** Whether a remembered spec has secrets that are to be asked for. */
export function hasMask(spec: ConnectionSpec): boolean {
  return JSON.stringify(spec).includes(MASK)
}

/** Asks for one secret by its name. An empty answer leaves it out. Rejects if the user cancels. */
export type AskSecret = (name: string) => Promise<string>

async function fillUrl(url: string, ask: AskSecret): Promise<string> {
  const [first = '', ...pieces] = url.split(MASK)
  let filled = first
  for (const piece of pieces) {
    const param = /[?&#;]([^=?&#;]*)=$/.exec(filled)?.[1]
    if (param !== undefined) filled += encodeURIComponent(await ask(param)) + piece
    else if (piece.startsWith('@')) {
      const userinfo = await ask(USERINFO)
      filled += userinfo === '' ? piece.slice(1) : encodeUserinfo(userinfo) + piece
    } else filled += (await ask('token')) + piece
  }
  return filled
}

function encodeUserinfo(userinfo: string): string {
  const [user = '', ...password] = userinfo.split(':')
  return [user, ...(password.length > 0 ? [password.join(':')] : [])].map(encodeURIComponent).join(':')
}

async function fillValue(name: string, value: string, ask: AskSecret): Promise<string> {
  return value.includes(MASK) ? await ask(name) : value
}

async function fillHeaders(headers: Headers, ask: AskSecret): Promise<Headers> {
  const filled: Record<string, string | readonly string[]> = {}
  for (const [name, value] of Object.entries(headers)) {
    const values: string[] = []
    for (const each of typeof value === 'string' ? [value] : value) {
      const answer = await fillValue(name, each, ask)
      if (answer !== '' || each === '') values.push(answer)
    }
    const [only] = values
    if (only !== undefined) filled[name] = values.length === 1 ? only : values
  }
  return filled
}

/** Fills in every secret, each asked for in turn. */
export async function fillSecrets(spec: ConnectionSpec, ask: AskSecret): Promise<ConnectionSpec> {
  const url = await fillUrl(spec.url, ask)
  const headers = spec.headers === undefined ? undefined : await fillHeaders(spec.headers, ask)
  const subprotocols: string[] = []
  for (const name of spec.subprotocols ?? []) {
    const answer = await fillValue('subprotocol', name, ask)
    if (answer !== '') subprotocols.push(answer)
  }
  const body = spec.body === MASK ? await ask('request body') : spec.body
  const proxy = spec.proxy === undefined ? undefined : await fillUrl(spec.proxy, ask)
  const { body: _body, proxy: _proxy, headers: _headers, subprotocols: _subprotocols, ...rest } = spec
  return {
    ...rest,
    url,
    ...(headers === undefined ? {} : { headers }),
    ...(subprotocols.length === 0 ? {} : { subprotocols }),
    ...(body === undefined || body === '' ? {} : { body }),
    ...(proxy === undefined ? {} : { proxy }),
  }
}
