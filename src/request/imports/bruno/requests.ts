/** The requests of Bruno as ours, with what their folders and their collection say. */
import type { ScriptStep } from '../../../shared/request-script.ts'
import { isJson } from '../../../shared/text/json-text.ts'
import { schemeOf } from '../../../shared/transports.ts'
import type { ImportedRequest, ImportedVariable } from '../imported.ts'
import {
  type Credentials,
  fieldsText,
  orHeader,
  orHeaders,
  readHeaders,
  sayCredentials,
  withPath,
  withQuery,
} from '../parts.ts'
import type { Translation } from '../translation.ts'
import type { BrunoAuth, BrunoBody, BrunoMessage, BrunoRequest, BrunoScope } from './item.ts'
import { brunoTranslation } from './placeholders.ts'

export interface BrunoResult {
  readonly request: ImportedRequest
  /** For the file. */
  readonly variables: readonly ImportedVariable[]
}

/** Media types of bodies, which Bruno adds when it sends. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  text: 'text/plain',
  xml: 'application/xml',
  sparql: 'application/sparql-query',
  graphql: 'application/json',
  'form-urlencoded': 'application/x-www-form-urlencoded',
}

/** The request. `scopes` are those that it is in, the innermost first. `title` has its folders. */
export function brunoRequest(
  item: BrunoRequest,
  scopes: readonly BrunoScope[],
  title: string,
): BrunoResult | string {
  if (item.type === 'grpc') return `${title} was not imported: it is a gRPC request.`
  if (item.url === '') return `${title} was not imported: it has no URL.`
  const texts = brunoTranslation()
  const isSocket = item.type === 'ws'
  const auth = authOf(item.auth, scopes)
  const said = sayCredentials(credentialsOf(auth, texts))
  const body = isSocket ? NO_CONTENT : contentOf(item.body, texts)
  const own = texts.pairs(item.headers)
  const inherited = texts.pairs(scopes.flatMap(({ headers }) => headers))
  const all = orHeaders(own, [...inherited, ...said.headers])
  const { headers, notTaken } = readHeaders(orHeader(all, 'Content-Type', body.mediaType))
  const url = withQuery(withPath(texts.text(item.url), texts.pairs(item.pathParameters)), said.query)
  const isOpenable = isSocket && schemeOf(url) !== 'ws'
  return {
    variables: [...said.variables, ...texts.variables(item.variables)],
    request: {
      title,
      description: item.docs,
      hasPlaceholders: true,
      spec: {
        url,
        ...(isOpenable && { transport: 'websocket' as const }),
        ...(!isSocket && item.method !== '' && { method: item.method }),
        ...(Object.keys(headers).length > 0 && { headers }),
        ...(body.text !== undefined && { body: body.text }),
        ...(isDelay(item.timeout) && { timeout: item.timeout }),
      },
      ...(isSocket && { steps: item.messages.flatMap((message) => stepOf(message, texts)) }),
      notTaken: [
        ...item.left,
        ...said.notTaken,
        ...body.notTaken,
        ...notTaken,
        ...(auth.mode === 'inherit'
          ? ['It inherits its credentials from a file that was not imported.']
          : []),
        ...texts.notTaken,
      ],
    },
  }
}

function isDelay(timeout: number): boolean {
  return Number.isInteger(timeout) && timeout > 0 && timeout < 2 ** 31
}

/** Its own, or those of the nearest folder that has some. */
function authOf(own: BrunoAuth, scopes: readonly BrunoScope[]): BrunoAuth {
  if (own.mode !== 'inherit') return own
  return scopes.map(({ auth }) => auth).find(({ mode }) => mode !== 'inherit') ?? own
}

function credentialsOf({ mode, values }: BrunoAuth, texts: Translation): Credentials {
  const value = (name: string) => texts.text(values[name] ?? '')
  switch (mode) {
    case 'none':
    case 'inherit':
    case '':
      return { kind: 'none' }
    case 'basic':
    case 'digest':
      return { kind: mode, user: value('username'), password: value('password') }
    case 'bearer':
      return { kind: 'bearer', token: value('token') }
    case 'apikey': {
      const place = /^query/i.test(values.placement ?? '') ? 'query' : 'header'
      return { kind: 'key', place, name: value('key'), value: value('value') }
    }
    default:
      return { kind: 'other', name: mode }
  }
}

interface Content {
  readonly text?: string
  readonly mediaType: string
  readonly notTaken: readonly string[]
}

const NO_CONTENT: Content = { mediaType: '', notTaken: [] }

function contentOf({ mode, text, fields, variables }: BrunoBody, texts: Translation): Content {
  const mediaType = MEDIA_TYPES[mode] ?? ''
  switch (mode) {
    case 'none':
    case '':
      return NO_CONTENT
    case 'form-urlencoded':
      return { text: fieldsText(texts.pairs(fields)), mediaType, notTaken: [] }
    case 'graphql': {
      const given = isJson(variables) ? variables : '{}'
      return {
        text: texts.text(`{ "query": ${JSON.stringify(text)}, "variables": ${given} }`),
        mediaType,
        notTaken: [],
      }
    }
    default:
      if (mediaType === '')
        return {
          ...NO_CONTENT,
          notTaken: [`Its body (${mode.slice(0, 40)}) was not imported; write it here.`],
        }
      return { text: texts.text(text), mediaType, notTaken: [] }
  }
}

function stepOf({ name, type, content }: BrunoMessage, texts: Translation): ScriptStep[] {
  if (content === '' && name === '') return []
  const named = name === '' ? {} : { name }
  const isBytes = type === 'binary' && content.length % 4 === 0 && /^[A-Za-z\d+/]*={0,2}$/.test(content)
  if (isBytes) return [{ kind: 'send', ...named, message: { format: 'base64', text: content } }]
  return [{ kind: 'send', ...named, message: { format: 'text', text: texts.text(content), variables: {} } }]
}
