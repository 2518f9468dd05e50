/** A request of Postman, in whatever version it is written, as one of ours. */
import { fieldsOf } from '../../../shared/fields.ts'
import type { ScriptStep } from '../../../shared/request-script.ts'
import { textOf } from '../foreign-values.ts'
import type { ImportedRequest, ImportedVariable } from '../imported.ts'
import {
  fieldsText,
  newIn,
  orHeader,
  orHeaders,
  readHeaders,
  sayCredentials,
  withPath,
  withQuery,
} from '../parts.ts'
import { socketIo } from '../socket-io.ts'
import { credentialsOf, disabledIn, PostmanTranslation, pairsOf } from './fields.ts'
import { valuesOf } from './scripts.ts'

/** The parts of a request, untranslated. */
export interface PostmanRequest {
  readonly title: string
  readonly description: string
  /** What the file calls it; `http` if it does not say. */
  readonly kind: string
  readonly url: string
  readonly method: string
  readonly headers: unknown
  /** Parameters that are not in the URL. */
  readonly query: unknown
  readonly path: unknown
  /** Of the request and of the folders around it. The innermost comes first. */
  readonly auths: readonly unknown[]
  readonly body: PostmanBody
  readonly scripts: { readonly before: string; readonly after: string }
  readonly messages: readonly PostmanMessage[]
  readonly settings: unknown
}

export type PostmanBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string; readonly language: string }
  | { readonly kind: 'fields'; readonly fields: unknown }
  | { readonly kind: 'graphql'; readonly query: string; readonly variables: string }
  | { readonly kind: 'file'; readonly path: string }
  /** One that is not imported, by its name. */
  | { readonly kind: 'other'; readonly name: string }

export interface PostmanMessage {
  readonly name: string
  /** Of Socket.IO. */
  readonly event?: { readonly name: string; readonly hasAnswer: boolean }
  /** One text; the arguments of an event. */
  readonly contents: readonly { readonly text: string; readonly type: string }[]
}

export interface PostmanResult {
  readonly request: ImportedRequest
  readonly variables: readonly ImportedVariable[]
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  javascript: 'application/javascript',
}

/** The kinds that can be made. */
const SOCKETS: Readonly<Record<string, 'websocket' | 'socket.io'>> = {
  'ws-raw-request': 'websocket',
  'websocket-request': 'websocket',
  'ws-socketio-request': 'socket.io',
  'socket.io-request': 'socket.io',
}
const HTTP: ReadonlySet<string> = new Set(['http', 'request', 'http-request', 'graphql-request', 'graphql'])

/** A request, or a sentence for one that is not imported. */
export function postmanRequest(item: PostmanRequest): PostmanResult | string {
  const socket = Object.hasOwn(SOCKETS, item.kind) ? SOCKETS[item.kind] : undefined
  if (socket === undefined && !HTTP.has(item.kind))
    return `${item.title} was not imported: it is a ${item.kind.slice(0, 40).replace(/-request$/, '')} request.`
  if (item.url.trim() === '') return `${item.title} was not imported: it has no URL.`
  const texts = new PostmanTranslation()
  const said = sayCredentials(credentialsOf(item.auths, texts))
  const isSocket = socket !== undefined || /^wss?:/i.test(item.url.trim())
  const body = isSocket ? NO_BODY : bodyOf(item.body, texts)
  const all = orHeaders(texts.pairs(pairsOf(item.headers)), said.headers)
  const { headers, notTaken } = readHeaders(orHeader(all, 'Content-Type', body.mediaType))
  const path = withPath(texts.text(withScheme(item.url.trim(), isSocket)), texts.pairs(pairsOf(item.path)))
  const url = withQuery(path, [...newIn(path, texts.pairs(pairsOf(item.query))), ...said.query])
  const opened = socket === 'socket.io' ? socketIo(url, textOf(fieldsOf(item.settings).path)) : { url }
  const values = isSocket ? [] : valuesOf(item.scripts.after)
  const steps = isSocket ? item.messages.map((message) => stepOf(message, namespaceOf(opened), texts)) : []
  const disabled = disabledIn(item.headers, item.query)
  return {
    variables: said.variables,
    request: {
      title: item.title,
      description: item.description,
      hasPlaceholders: true,
      spec: {
        ...opened,
        ...(isSocket && { transport: 'websocket' as const }),
        ...(!isSocket && { method: item.method.toUpperCase() || 'GET' }),
        ...(Object.keys(headers).length > 0 && { headers }),
        ...(body.text !== undefined && { body: body.text }),
      },
      ...(body.file !== undefined && { bodyFile: body.file }),
      ...(values.length > 0 && { values }),
      // They are drafts, which are sent by hand.
      ...(steps.length > 0 && { steps, isManual: true }),
      notTaken: [
        ...(disabled > 0 ? [`Disabled headers and parameters were left out: ${disabled}.`] : []),
        ...scriptSentences(item.scripts, values.length),
        ...said.notTaken,
        ...body.notTaken,
        ...notTaken,
        ...texts.notTaken,
      ],
    },
  }
}

function scriptSentences({ before, after }: PostmanRequest['scripts'], values: number): string[] {
  return [
    ...(before.trim() === '' ? [] : ['Its script before the request was not imported.']),
    ...(after.trim() === ''
      ? []
      : [
          `Its script after the answer was not imported${values > 0 ? ', except for the values that it keeps' : ''}.`,
        ]),
  ]
}

/** Postman adds a scheme that is missing. */
function withScheme(url: string, isSocket: boolean): string {
  return /^(?:[a-z][a-z\d+.-]*:\/\/|\{\{)/i.test(url) ? url : `${isSocket ? 'ws' : 'http'}://${url}`
}

interface Body {
  readonly text?: string
  readonly file?: string
  readonly mediaType: string
  readonly notTaken: readonly string[]
}

const NO_BODY: Body = { mediaType: '', notTaken: [] }

function bodyOf(body: PostmanBody, texts: PostmanTranslation): Body {
  switch (body.kind) {
    case 'none':
      return NO_BODY
    case 'text':
      return {
        ...NO_BODY,
        text: texts.text(body.text),
        mediaType: MEDIA_TYPES[body.language] ?? 'text/plain',
      }
    case 'fields': {
      const text = fieldsText(texts.pairs(pairsOf(body.fields)))
      return { ...NO_BODY, text, mediaType: 'application/x-www-form-urlencoded' }
    }
    case 'graphql': {
      const variables = body.variables.trim() === '' ? '{}' : body.variables.trim()
      const text = `{"query":${JSON.stringify(body.query)},"variables":${variables}}`
      return { ...NO_BODY, text: texts.text(text), mediaType: 'application/json' }
    }
    case 'file':
      return { ...NO_BODY, file: texts.text(body.path) }
    case 'other':
      return {
        ...NO_BODY,
        notTaken: [`Its body (${body.name.slice(0, 40)}) was not imported; write it here.`],
      }
  }
}

function namespaceOf(opened: { readonly url: string } | ReturnType<typeof socketIo>): string {
  return 'protocolOptions' in opened ? (opened.protocolOptions?.namespace ?? '') : ''
}

function stepOf(
  { name, event, contents }: PostmanMessage,
  namespace: string,
  texts: PostmanTranslation,
): ScriptStep {
  const named = name === '' ? {} : { name }
  if (event === undefined) {
    const [{ text = '', type = '' } = {}] = contents
    const format = type === 'hex' || type === 'base64' ? type : 'text'
    return {
      kind: 'send',
      ...named,
      message: { format, text: format === 'text' ? texts.text(text) : text, variables: {} },
    }
  }
  const args = contents.map(({ text, type }) =>
    type === 'json' && text.trim() !== '' ? text : JSON.stringify(text),
  )
  const packet = `42${namespace === '' ? '' : `${namespace},`}${event.hasAnswer ? '0' : ''}[${[JSON.stringify(event.name), ...args].join(',')}]`
  return {
    kind: 'send',
    name: name === '' ? event.name : name,
    message: { format: 'text', text: texts.text(packet), variables: {} },
  }
}
