/** The menu behind "Configure…": what a connection has besides its URL, one entry each. */
import * as vscode from 'vscode'
import type { Headers } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { parseSpec } from '../../shared/parse-spec.ts'
import { type ConnectionSpec, FRAMINGS, TRANSPORTS, type TransportName } from '../../shared/spec.ts'
import { plainText } from '../plain-text.ts'
import { isSocket, withHeader } from './edited-spec.ts'

interface Field {
  readonly label: string
  /** What it is now. */
  show(spec: ConnectionSpec): string
  /** Asks; undefined where the user changed their mind. */
  edit(spec: ConnectionSpec): Promise<ConnectionSpec | undefined>
}

/** Says what is wrong with the spec, or nothing. */
function problemOf(make: () => ConnectionSpec): string | undefined {
  try {
    parseSpec(make())
    return undefined
  } catch (error) {
    if (error instanceof Failure) return error.message
    throw error
  }
}

async function askText(
  prompt: string,
  value: string,
  make: (text: string) => ConnectionSpec,
): Promise<ConnectionSpec | undefined> {
  const text = await vscode.window.showInputBox({
    prompt,
    value,
    ignoreFocusOut: true,
    validateInput: (typed) => plainText(problemOf(() => make(typed)) ?? ''),
  })
  return text === undefined ? undefined : make(text)
}

async function choose<const T extends string>(title: string, names: readonly T[]): Promise<T | undefined> {
  const chosen = await vscode.window.showQuickPick(names, { title, ignoreFocusOut: true })
  return names.find((name) => name === chosen)
}

function headerNames(headers: Headers | undefined): string {
  const names = Object.keys(headers ?? {})
  return names.length === 0 ? 'none' : names.join(', ')
}

const transport: Field = {
  label: 'Transport',
  show: (spec) => spec.transport ?? 'auto',
  edit: async (spec) => {
    const name = await choose('Transport', ['auto', ...TRANSPORTS] as const)
    return name === undefined ? undefined : { ...spec, transport: name }
  },
}

const headers: Field = {
  label: 'Headers',
  show: (spec) => headerNames(spec.headers),
  edit: (spec) =>
    askText('A header as Name: value; without a value it is taken away', '', (line) =>
      withHeader(spec, line),
    ),
}

const subprotocols: Field = {
  label: 'Subprotocols',
  show: (spec) => spec.subprotocols?.join(', ') || 'none',
  edit: (spec) =>
    askText('Subprotocols, separated by commas', spec.subprotocols?.join(', ') ?? '', (text) => ({
      ...spec,
      subprotocols: text.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()])),
    })),
}

const method: Field = {
  label: 'Method',
  show: (spec) => spec.method ?? (spec.body === undefined ? 'GET' : 'POST'),
  edit: (spec) =>
    askText('HTTP method', method.show(spec), (text) => ({ ...spec, method: text.trim().toUpperCase() })),
}

const body: Field = {
  label: 'Body',
  show: (spec) => (typeof spec.body === 'string' ? spec.body : spec.body === undefined ? 'none' : 'bytes'),
  edit: (spec) =>
    askText('Request body; nothing sends none', typeof spec.body === 'string' ? spec.body : '', (text) => ({
      ...spec,
      body: text === '' ? undefined : text,
    })),
}

const framing: Field = {
  label: 'Framing',
  show: (spec) => spec.framing ?? 'auto',
  edit: async (spec) => {
    const name = await choose('Framing: what separates the records', FRAMINGS)
    return name === undefined ? undefined : { ...spec, framing: name }
  },
}

const cursor: Field = {
  label: 'Cursor',
  show: (spec) => spec.cursor ?? 'auto',
  edit: (spec) =>
    askText(
      'How a request resumes: auto (ETag, Last-Modified), header:NAME:PARAM, json:/POINTER:PARAM, or none',
      spec.cursor ?? 'auto',
      (text) => ({ ...spec, cursor: text.trim() }),
    ),
}

const interval: Field = {
  label: 'Interval',
  show: (spec) => (spec.interval === undefined ? 'as the settings say' : `${spec.interval} ms`),
  edit: (spec) =>
    askText(
      'Milliseconds from one request to the next; nothing follows the settings',
      String(spec.interval ?? ''),
      (text) => ({ ...spec, interval: text.trim() === '' ? undefined : Number(text) }),
    ),
}

const CHECKED = 'checked'
const ANY = 'any is accepted'

const certificates: Field = {
  label: 'Certificate',
  show: (spec) => (spec.tls?.insecure === true ? ANY : CHECKED),
  edit: async (spec) => {
    const chosen = await choose('Certificate of the server', [CHECKED, ANY])
    if (chosen === undefined) return undefined
    const { insecure: _, ...tls } = spec.tls ?? {}
    return { ...spec, tls: chosen === ANY ? { ...tls, insecure: true } : tls }
  },
}

const reconnect: Field = {
  label: 'Reconnect',
  show: (spec) => {
    if (spec.reconnect === undefined) return 'as the settings say'
    return typeof spec.reconnect === 'number' ? `every ${spec.reconnect} ms` : spec.reconnect
  },
  edit: (spec) =>
    askText(
      'never, backoff, or a fixed delay in ms; nothing follows the settings',
      String(spec.reconnect ?? ''),
      (text) => ({ ...spec, reconnect: readReconnect(text.trim()) }),
    ),
}

/** Whatever else is typed is for the check to refuse, which names what is allowed. */
function readReconnect(text: string): ConnectionSpec['reconnect'] {
  if (text === '') return undefined
  return (/^\d+$/.test(text) ? Number(text) : text) as ConnectionSpec['reconnect']
}

/** What there is to say of some transports only. */
const OF_TRANSPORT: { readonly [name in TransportName]?: readonly Field[] } = {
  poll: [interval, cursor],
  'long-poll': [cursor],
  'http-stream': [framing],
}

function fieldsFor({ url, transport: name = 'auto' }: ConnectionSpec): readonly Field[] {
  const secured = /^(wss|https):/i.test(url) ? [certificates] : []
  if (isSocket(url)) return [headers, subprotocols, ...secured, reconnect]
  const ofTransport = name === 'auto' ? [] : (OF_TRANSPORT[name] ?? [])
  return [transport, method, headers, body, ...ofTransport, ...secured, reconnect]
}

/** Lets the user edit the spec until they connect; undefined where they changed their mind. */
export async function configure(spec: ConnectionSpec): Promise<ConnectionSpec | undefined> {
  let edited = spec
  for (;;) {
    const current = edited
    const items = [
      { label: '$(plug) Connect', description: current.url, field: undefined },
      ...fieldsFor(current).map((field) => ({
        label: field.label,
        description: field.show(current),
        field,
      })),
    ]
    const chosen = await vscode.window.showQuickPick(items, {
      title: 'Configure the connection',
      ignoreFocusOut: true,
    })
    if (chosen === undefined) return undefined
    if (chosen.field === undefined) return current
    edited = (await chosen.field.edit(current)) ?? current
  }
}
