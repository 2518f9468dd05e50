/** The menu behind "Configure…": what a connection has besides its URL, one entry each. */
import * as vscode from 'vscode'
import type { Headers } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { parseSpec } from '../../shared/parse-spec.ts'
import { type ConnectionSpec, TRANSPORTS } from '../../shared/spec.ts'
import { plainText } from '../plain-text.ts'

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

function headerCount(headers: Headers | undefined): string {
  const names = Object.keys(headers ?? {})
  return names.length === 0 ? 'none' : names.join(', ')
}

function withHeader(spec: ConnectionSpec, line: string): ConnectionSpec {
  if (line.trim() === '') return spec
  const colon = line.indexOf(':')
  if (colon < 1) throw new Failure('BAD_SPEC', 'A header is written as Name: value.')
  const name = line.slice(0, colon).trim()
  const value = line.slice(colon + 1).trim()
  const headers = { ...spec.headers }
  if (value === '') delete headers[name]
  else headers[name] = value
  return { ...spec, headers }
}

const transport: Field = {
  label: 'Transport',
  show: (spec) => spec.transport ?? 'auto',
  edit: async (spec) => {
    const chosen = await vscode.window.showQuickPick(['auto', ...TRANSPORTS], { title: 'Transport' })
    const name = chosen === 'auto' ? chosen : TRANSPORTS.find((each) => each === chosen)
    return name === undefined ? undefined : { ...spec, transport: name }
  },
}

const headers: Field = {
  label: 'Headers',
  show: (spec) => headerCount(spec.headers),
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

const reconnect: Field = {
  label: 'Reconnect',
  show: (spec) => {
    if (spec.reconnect === undefined) return 'as the settings say'
    return typeof spec.reconnect === 'number' ? `every ${spec.reconnect} ms` : spec.reconnect
  },
  edit: (spec) =>
    askText('never, backoff, or a fixed delay in ms', String(spec.reconnect ?? 'backoff'), (text) => ({
      ...spec,
      // Whatever else is typed is for the check to refuse, which names what is allowed.
      reconnect: (/^\d+$/.test(text.trim()) ? Number(text) : text.trim()) as ConnectionSpec['reconnect'],
    })),
}

function fieldsFor(spec: ConnectionSpec): readonly Field[] {
  if (/^wss?:/i.test(spec.url)) return [headers, subprotocols, reconnect]
  return [transport, method, headers, body, reconnect]
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
