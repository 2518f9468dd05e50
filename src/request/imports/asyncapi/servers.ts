/** The servers of an AsyncAPI document: where to connect, by what, and who may. */
import { type Fields, fieldsOf } from '../../../shared/fields.ts'
import { listOf, textOf } from '../foreign-values.ts'
import type { ImportedVariable } from '../imported.ts'
import { type Credentials, type SaidCredentials, sayCredentials } from '../parts.ts'
import { variableName } from '../placeholders.ts'
import type { AsyncDocument, Resolved } from './document.ts'

export interface AsyncServer {
  readonly name: string
  /** Where it is in the document. */
  readonly places: readonly string[]
  readonly protocol: string
  /** With placeholders, and without a slash at its end. */
  readonly url: string
  readonly variables: readonly ImportedVariable[]
  readonly credentials: SaidCredentials
}

export function serversOf(document: AsyncDocument): AsyncServer[] {
  return document.members(document.root.servers).map(([name, server]) => serverOf(document, name, server))
}

function serverOf(document: AsyncDocument, name: string, { fields, place }: Resolved): AsyncServer {
  const protocol = textOf(fields.protocol).toLowerCase()
  const { text, variables } = withVariables(document, addressOf(fields, protocol), fields.variables)
  return {
    name,
    places: [`#/servers/${name}`, place],
    protocol,
    url: text.replace(/\/$/, ''),
    variables,
    credentials: sayCredentials(credentialsOf(document, fields)),
  }
}

/** The schemes of what has another name for its protocol. */
const SCHEMES: Readonly<Record<string, string>> = {
  mercure: 'https',
  sse: 'https',
  'socket.io': 'ws',
  socketio: 'ws',
}

/** Version 2 has a URL, version 3 its parts. */
function addressOf({ url, host, pathname }: Fields, protocol: string): string {
  const address = textOf(url) || textOf(host) + textOf(pathname).replace(/^(?=[^/])/, '/')
  if (address === '' || /^[a-z][a-z\d+.-]*:\/\//i.test(address)) return address
  return `${SCHEMES[protocol] ?? protocol}://${address.replace(/^\/\//, '')}`
}

/** The text with `{name}` as variables of the file. */
export function withVariables(
  document: AsyncDocument,
  text: string,
  described: unknown,
): { readonly text: string; readonly variables: readonly ImportedVariable[] } {
  const members = new Map(document.members(described))
  const variables = new Map<string, ImportedVariable>()
  const written = text
    .replaceAll(/\{\{|\}\}/g, (braces) => (braces === '{{' ? '{' : '}'))
    .split(/\{([^{}\s]{1,100})\}/)
    .map((part, index) => {
      if (index % 2 === 0) return part
      const name = variableName(part)
      if (name === '') return part
      variables.set(name, { name, value: exampleOf(document, members.get(part)?.fields ?? {}) ?? part })
      return `{{${name}}}`
    })
  return { text: written.join(''), variables: [...variables.values()] }
}

/** A value that the document says, of a variable, a parameter or a schema. */
export function exampleOf(document: AsyncDocument, fields: Fields, depth = 0): string | undefined {
  const said = [
    fields.const,
    fields.default,
    ...listOf(fields.examples),
    fields.example,
    ...listOf(fields.enum),
  ]
  const value = said.map(textOf).find((text) => text !== '')
  if (value !== undefined || depth > 0) return value
  return exampleOf(document, document.resolve(fields.schema).fields, 1)
}

function credentialsOf(document: AsyncDocument, server: Fields): Credentials {
  const [first] = listOf(server.security)
  if (first === undefined) return { kind: 'none' }
  const schemes = fieldsOf(document.root.components).securitySchemes
  const [name] = Object.keys(fieldsOf(first))
  // Version 2 names a scheme, version 3 is one or refers to one.
  const isName = document.version < 3 && name !== undefined
  const { fields } = document.resolve(isName ? document.resolve(schemes).fields[name] : first)
  const secret = (what: string) => `{{$secret ${what}}}`
  switch (textOf(fields.type)) {
    case 'http': {
      const scheme = textOf(fields.scheme).toLowerCase()
      if (scheme === 'bearer') return { kind: 'bearer', token: secret('TOKEN') }
      if (scheme === 'basic' || scheme === 'digest')
        return { kind: scheme, user: secret('USER'), password: secret('PASSWORD') }
      return { kind: 'other', name: scheme || 'http' }
    }
    case 'userPassword':
      return { kind: 'basic', user: secret('USER'), password: secret('PASSWORD') }
    case 'httpApiKey': {
      const place = ({ query: 'query', cookie: 'cookie' } as const)[textOf(fields.in)] ?? 'header'
      return { kind: 'key', place, name: textOf(fields.name), value: secret('API_KEY') }
    }
    default:
      return { kind: 'other', name: textOf(fields.type) || 'without a type' }
  }
}
