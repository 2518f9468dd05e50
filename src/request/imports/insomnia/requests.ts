/** The requests of Insomnia as ours. */
import { type Fields, fieldsOf, isFields } from '../../../shared/fields.ts'
import { schemeOf } from '../../../shared/transports.ts'
import { listOf, textOf } from '../foreign-values.ts'
import type { ImportedRequest, ImportedVariable } from '../imported.ts'
import {
  type Credentials,
  fieldsText,
  newIn,
  orHeader,
  orHeaders,
  type Pair,
  readHeaders,
  sayCredentials,
  withPath,
  withQuery,
} from '../parts.ts'
import { socketIo } from '../socket-io.ts'
import { InsomniaTranslation } from './placeholders.ts'

/** What folders give to the requests in them. The innermost comes first. */
export interface InsomniaFolder {
  readonly name: string
  readonly headers: readonly Pair[]
  readonly authentication: Fields
}

export interface InsomniaResult {
  readonly request: ImportedRequest
  readonly variables: readonly ImportedVariable[]
}

/** Pairs without those that are disabled. */
export function pairsOf(list: unknown): Pair[] {
  return listOf(list)
    .map(fieldsOf)
    .filter(({ name, disabled }) => disabled !== true && textOf(name) !== '')
    .map(({ name, value }) => ({ name: textOf(name), value: textOf(value) }))
}

function disabledIn(...lists: readonly unknown[]): number {
  return lists.flatMap(listOf).filter((each) => fieldsOf(each).disabled === true).length
}

/** A request, or a sentence for one that is not imported. */
export function insomniaRequest(item: Fields, folders: readonly InsomniaFolder[]): InsomniaResult | string {
  const title = [...folders.map(({ name }) => name).toReversed(), textOf(item.name)]
    .filter((name) => name !== '')
    .join(' / ')
  const meta = fieldsOf(item.meta)
  const kind = kindOf(item)
  if (kind === 'grpc') return `${title} was not imported: it is a gRPC request.`
  if (textOf(item.url) === '') return `${title} was not imported: it has no URL.`
  const texts = new InsomniaTranslation()
  const said = sayCredentials(credentialsOf(authenticationOf(item, folders), texts))
  const body = kind === 'http' ? bodyOf(fieldsOf(item.body), texts) : NO_BODY
  const own = texts.pairs(pairsOf(item.headers))
  const inherited = texts.pairs(folders.flatMap(({ headers }) => headers))
  const all = orHeaders(own, [...inherited, ...said.headers])
  const { headers, notTaken } = readHeaders(orHeader(all, 'Content-Type', body.mediaType))
  const path = withPath(texts.text(textOf(item.url)), texts.pairs(pairsOf(item.pathParameters)))
  const url = withQuery(path, [...newIn(path, texts.pairs(pairsOf(item.parameters))), ...said.query])
  const opened = kind === 'socket.io' ? socketIo(url, textOf(fieldsOf(item.settings).path)) : { url }
  const method = textOf(item.method).toUpperCase()
  const isSocket = kind !== 'http'
  const disabled = disabledIn(item.headers, item.parameters, fieldsOf(item.body).params)
  const scripts = fieldsOf(item.scripts)
  return {
    variables: said.variables,
    request: {
      title,
      description: textOf(meta.description) || textOf(item.description),
      hasPlaceholders: true,
      spec: {
        ...opened,
        ...(isSocket && schemeOf(opened.url) !== 'ws' && { transport: 'websocket' as const }),
        ...(!isSocket && method !== '' && { method }),
        ...(Object.keys(headers).length > 0 && { headers }),
        ...(body.text !== undefined && { body: body.text }),
      },
      notTaken: [
        ...(disabled > 0 ? [`Disabled headers and fields were left out: ${disabled}.`] : []),
        ...(textOf(scripts.preRequest) + textOf(scripts.afterResponse) === ''
          ? []
          : ['Its scripts were not imported.']),
        ...said.notTaken,
        ...body.notTaken,
        ...notTaken,
        ...texts.notTaken,
      ],
    },
  }
}

/** By the identifier. Without one, by the members of the request. */
function kindOf(item: Fields): 'http' | 'websocket' | 'socket.io' | 'grpc' {
  const id = textOf(fieldsOf(item.meta).id)
  if (id.startsWith('ws-req')) return 'websocket'
  if (id.startsWith('socketio-req') || item.eventListeners !== undefined) return 'socket.io'
  if (id.startsWith('greq') || isFields(item.reflectionApi) || item.protoMethodName !== undefined)
    return 'grpc'
  return textOf(item.method) === '' && schemeOf(textOf(item.url)) === 'ws' ? 'websocket' : 'http'
}

/** Its own, or those of the nearest folder that has some. */
function authenticationOf({ authentication }: Fields, folders: readonly InsomniaFolder[]): Fields {
  const own = fieldsOf(authentication)
  if (textOf(own.type) !== '' || textOf(own.username) !== '') return own
  return folders.map((folder) => folder.authentication).find(({ type }) => textOf(type) !== '') ?? own
}

function credentialsOf(authentication: Fields, texts: InsomniaTranslation): Credentials {
  const value = (name: string) => texts.text(textOf(authentication[name]))
  // Without a type, there may be a user all the same.
  const type = textOf(authentication.type) || (textOf(authentication.username) === '' ? '' : 'basic')
  if (type === '' || type === 'none' || authentication.disabled === true) return { kind: 'none' }
  switch (type) {
    case 'basic':
    case 'digest':
      return { kind: type, user: value('username'), password: value('password') }
    case 'bearer':
    case 'singleToken': {
      const scheme = value('prefix')
      return { kind: 'bearer', token: value('token'), ...(scheme !== '' && { scheme }) }
    }
    case 'apikey': {
      const place = { queryParams: 'query', cookie: 'cookie' }[textOf(authentication.addTo)] ?? 'header'
      return { kind: 'key', place: place as 'query', name: value('key'), value: value('value') }
    }
    default:
      return { kind: 'other', name: type }
  }
}

interface Body {
  readonly text?: string
  readonly mediaType: string
  readonly notTaken: readonly string[]
}

const NO_BODY: Body = { mediaType: '', notTaken: [] }

function bodyOf(body: Fields, texts: InsomniaTranslation): Body {
  const mediaType = textOf(body.mimeType)
  const left = (what: string) => ({
    ...NO_BODY,
    notTaken: [`Its body (${what}) was not imported; write it here.`],
  })
  if (textOf(body.fileName) !== '') return left('a file')
  if (mediaType.startsWith('multipart/')) return left('multipart')
  if (mediaType === 'application/x-www-form-urlencoded' && Array.isArray(body.params))
    return { text: fieldsText(texts.pairs(pairsOf(body.params))), mediaType, notTaken: [] }
  const text = textOf(body.text)
  if (text === '') return NO_BODY
  return {
    text: texts.text(text),
    mediaType: mediaType === 'application/graphql' ? 'application/json' : mediaType,
    notTaken: [],
  }
}
