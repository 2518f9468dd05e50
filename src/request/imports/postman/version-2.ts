/** Collections of Postman in JSON: version 2.0 and 2.1. */
import { type Fields, fieldsOf, isFields } from '../../../shared/fields.ts'
import { listOf, textOf } from '../foreign-values.ts'
import type { Imported, ImportedRequest, ImportedVariable } from '../imported.ts'
import { descriptionOf, PostmanTranslation, pairsOf } from './fields.ts'
import { type PostmanBody, type PostmanMessage, postmanRequest } from './request.ts'

/** Folders in folders. */
const MAX_DEPTH = 50

interface Folder {
  readonly names: readonly string[]
  /** The innermost comes first. */
  readonly auths: readonly unknown[]
}

export function readVersion2(collection: Fields): Imported {
  const { name, description } = fieldsOf(collection.info)
  const walk = new Walk()
  const before = eventsOf(collection).before + eventsOf(collection).after
  if (before.trim() !== '') walk.notTaken.push('The scripts of the collection were not imported.')
  const texts = new PostmanTranslation()
  const variables = texts.variables(pairsOf(collection.variable))
  walk.list(listOf(collection.item), { names: [], auths: [collection.auth] }, 0)
  return {
    name: textOf(name) || 'Postman',
    requests: walk.requests,
    variables: [...variables, ...walk.variables],
    notTaken: [
      ...(descriptionOf(description) === '' ? [] : ['The description of the collection was not imported.']),
      ...walk.notTaken,
      ...texts.notTaken,
    ],
  }
}

class Walk {
  readonly requests: ImportedRequest[] = []
  readonly variables: ImportedVariable[] = []
  readonly notTaken: string[] = []

  list(items: readonly unknown[], folder: Folder, depth: number): void {
    for (const item of items.map(fieldsOf)) {
      const name = textOf(item.name) || textOf(item.title)
      const names = [...folder.names, name].filter((each) => each !== '')
      const inner = { names, auths: [item.auth, ...folder.auths] }
      if (Array.isArray(item.item)) this.#folder(item, inner, depth)
      else this.#request(item, inner)
    }
  }

  #folder(item: Fields, folder: Folder, depth: number): void {
    const { before, after } = eventsOf(item)
    const title = folder.names.join(' / ')
    if (before + after !== '') this.notTaken.push(`The scripts of the folder ${title} were not imported.`)
    if (depth >= MAX_DEPTH)
      this.notTaken.push(`The folder ${title} is nested too deeply and was not imported.`)
    else this.list(listOf(item.item), folder, depth + 1)
  }

  #request(item: Fields, { names, auths }: Folder): void {
    // A request that is only a text is its URL.
    const request = isFields(item.request) ? item.request : { url: item.request }
    const payload = fieldsOf(item.payload)
    const url = request.url ?? payload.url
    const result = postmanRequest({
      title: names.join(' / '),
      description: descriptionOf(request.description) || descriptionOf(item.description),
      kind: textOf(item.type) || 'http',
      url: urlOf(url),
      method: textOf(request.method),
      headers: headersOf(request.header ?? payload.headers),
      query: isFields(url) && textOf(url.raw) !== '' ? disabledOf(url.query) : payload.queryParams,
      path: fieldsOf(url).variable,
      auths: [request.auth, ...auths],
      body: bodyOf(fieldsOf(request.body)),
      scripts: eventsOf(item),
      messages: listOf(item.children).map(fieldsOf).map(messageOf),
      settings: payload.settings,
    })
    if (typeof result === 'string') {
      this.notTaken.push(result)
      return
    }
    this.requests.push(result.request)
    for (const each of result.variables) this.variables.push(each)
  }
}

/** Those that are not in the URL, to count them. */
function disabledOf(query: unknown): readonly Fields[] {
  return listOf(query)
    .map(fieldsOf)
    .filter(({ disabled }) => disabled === true)
}

function urlOf(url: unknown): string {
  if (typeof url === 'string') return url
  const { raw, protocol, host, port, path, query } = fieldsOf(url)
  if (textOf(raw) !== '') return textOf(raw)
  const joined = (part: unknown, by: string) =>
    Array.isArray(part)
      ? part.map((each) => textOf(each) || textOf(fieldsOf(each).value)).join(by)
      : textOf(part)
  const [origin, place] = [joined(host, '.'), joined(path, '/')]
  if (origin === '') return ''
  const scheme = textOf(protocol) === '' ? '' : `${textOf(protocol)}://`
  const fields = pairsOf(query).map(({ name, value }) => `${name}=${value}`)
  return [
    `${scheme}${origin}${textOf(port) === '' ? '' : `:${textOf(port)}`}`,
    place === '' ? '' : `/${place.replace(/^\//, '')}`,
    fields.length === 0 ? '' : `?${fields.join('&')}`,
  ].join('')
}

/** Version 2.0 has headers as one text, too. */
function headersOf(header: unknown): unknown {
  if (typeof header !== 'string') return header
  return header.split('\n').map((line) => {
    const colon = line.indexOf(':')
    return { key: line.slice(0, Math.max(colon, 0)).trim(), value: line.slice(colon + 1).trim() }
  })
}

function bodyOf(body: Fields): PostmanBody {
  const mode = textOf(body.mode)
  if (body.disabled === true || mode === '') return { kind: 'none' }
  switch (mode) {
    case 'raw': {
      const text = textOf(body.raw)
      const language = textOf(fieldsOf(fieldsOf(body.options).raw).language)
      return text === '' ? { kind: 'none' } : { kind: 'text', text, language }
    }
    case 'urlencoded':
      return { kind: 'fields', fields: body.urlencoded }
    case 'graphql': {
      const { query, variables } = fieldsOf(body.graphql)
      return {
        kind: 'graphql',
        query: textOf(query),
        variables: isFields(variables) ? JSON.stringify(variables) : textOf(variables),
      }
    }
    case 'file': {
      const path = textOf(fieldsOf(body.file).src)
      return path === '' ? { kind: 'other', name: 'a file' } : { kind: 'file', path }
    }
    default:
      return { kind: 'other', name: mode }
  }
}

function eventsOf(item: Fields): { readonly before: string; readonly after: string } {
  const code = (listen: string) =>
    listOf(item.event)
      .map(fieldsOf)
      .filter((event) => event.listen === listen)
      .map(({ script }) => fieldsOf(script).exec)
      .map((exec) => (Array.isArray(exec) ? exec.map(textOf).join('\n') : textOf(exec)))
      .join('\n')
      .trim()
  return { before: code('prerequest'), after: code('test') }
}

/** A message of a `ws-raw-request` or a `ws-socketio-request`. */
function messageOf(item: Fields): PostmanMessage {
  const payload = fieldsOf(item.payload)
  const content = (each: Fields) => ({
    text: textOf(each.content),
    type: textOf(each.subtype) || textOf(each.type),
  })
  const name = textOf(item.title) || textOf(item.name)
  const event = textOf(payload.eventName)
  if (event === '') return { name, contents: [content(payload)] }
  return {
    name,
    event: { name: event, hasAnswer: payload.acknowledgement === true },
    contents: listOf(payload.args).map(fieldsOf).map(content),
  }
}
