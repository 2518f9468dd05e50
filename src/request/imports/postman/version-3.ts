/** Collections of Postman in folders of YAML: version 3. Each request, message and folder has a file. */
import { type Fields, fieldsOf } from '../../../shared/fields.ts'
import { foreignYaml, listOf, textOf } from '../foreign-values.ts'
import type { ForeignFile, Imported, ImportedRequest, ImportedVariable } from '../imported.ts'
import { descriptionOf, PostmanTranslation, pairsOf } from './fields.ts'
import { type PostmanBody, type PostmanMessage, postmanRequest } from './request.ts'

interface YamlFile {
  /** With slashes. */
  readonly path: string
  readonly fields: Fields
}

const REQUEST = /^([\w.]{1,40})-request$/
const MESSAGE = /-message$/
const DEFINITION = /(?:^|\/)\.resources\/definition\.ya?ml$/

/** Whether a text is such a file. */
export function isVersion3(text: string): boolean {
  return /^\$kind:[ \t]*["']?(?:collection|folder|[\w.]{1,40}-(?:request|message))\b/m.test(
    text.slice(0, 2000),
  )
}

export async function readVersion3(files: readonly ForeignFile[]): Promise<Imported> {
  const read: YamlFile[] = []
  for (const file of files)
    read.push({
      path: (file.path ?? '').replaceAll('\\', '/'),
      fields: fieldsOf(await foreignYaml(file)),
    })
  const folders = new Map(
    read
      .filter(({ path, fields }) => DEFINITION.test(path) || textOf(fields.$kind) === 'collection')
      .map(({ path, fields }) => [path.replace(DEFINITION, ''), fields]),
  )
  const requests: ImportedRequest[] = []
  const variables: ImportedVariable[] = []
  const notTaken: string[] = []
  const texts = new PostmanTranslation()
  for (const fields of folders.values()) {
    for (const variable of texts.variables(pairsOf(fields.variables))) variables.push(variable)
    if (scriptsOf(fields).before + scriptsOf(fields).after !== '')
      notTaken.push(`The scripts of ${textOf(fields.name) || 'a folder'} were not imported.`)
  }
  const ordered = read
    .filter(({ fields }) => REQUEST.test(textOf(fields.$kind)))
    .map((file) => ({ ...file, order: ordersOf(file, folders) }))
    .toSorted((one, other) => compare(one.order, other.order))
  for (const file of ordered) {
    const result = requestOf(file, folders, messagesOf(file, read))
    if (typeof result === 'string') notTaken.push(result)
    else {
      requests.push(result.request)
      for (const each of result.variables) variables.push(each)
    }
  }
  const root = [...folders].toSorted(([one], [other]) => one.length - other.length)[0]?.[1]
  return {
    name: textOf(root?.name) || 'Postman',
    requests,
    variables,
    notTaken: [...notTaken, ...texts.notTaken],
  }
}

type Folders = ReadonlyMap<string, Fields>

/** The folders around a file that are known, the outermost first. */
function around({ path }: YamlFile, folders: Folders): readonly (readonly [path: string, fields: Fields])[] {
  return [...folders]
    .filter(([folder]) => folder === '' || path.startsWith(`${folder}/`))
    .toSorted(([one], [other]) => one.length - other.length)
}

/** The places of the folders and of the request in their folders. */
function ordersOf(file: YamlFile, folders: Folders): readonly number[] {
  const orders = around(file, folders).map(([, { order }]) => order)
  return [...orders.slice(1), file.fields.order].map((order) => (typeof order === 'number' ? order : 1e15))
}

function compare(one: readonly number[], other: readonly number[]): number {
  const length = Math.min(one.length, other.length)
  for (let at = 0; at < length; at++) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function nameOf({ path, fields }: YamlFile): string {
  const [, file = ''] = /([^/]*?)(?:\.(?:request|message))?\.ya?ml$/.exec(path) ?? []
  return textOf(fields.name) || file
}

function requestOf(file: YamlFile, folders: Folders, messages: readonly PostmanMessage[]) {
  const { fields } = file
  const above = around(file, folders)
  const kind = textOf(fields.$kind)
  const titles = above
    .slice(1)
    .map(([path, { name }]) => textOf(name) || path.slice(path.lastIndexOf('/') + 1))
  return postmanRequest({
    title: [...titles, nameOf(file)].join(' / '),
    description: descriptionOf(fields.description),
    kind,
    url: textOf(fields.url),
    method: textOf(fields.method) || (kind === 'graphql-request' ? 'POST' : 'GET'),
    headers: fields.headers,
    query: fields.queryParams,
    path: fields.pathVariables,
    auths: [fields.auth, ...above.map(([, { auth }]) => auth).toReversed()],
    body:
      kind === 'graphql-request'
        ? { kind: 'graphql', query: textOf(fields.query), variables: textOf(fields.variables) }
        : bodyOf(fieldsOf(fields.body)),
    scripts: scriptsOf(fields),
    messages,
    settings: fields.settings,
  })
}

function bodyOf({ type, content }: Fields): PostmanBody {
  const name = textOf(type)
  switch (name) {
    case '':
    case 'none':
      return { kind: 'none' }
    case 'urlencoded':
      return { kind: 'fields', fields: content }
    case 'file': {
      const path = textOf(fieldsOf(content).src)
      return path === '' ? { kind: 'other', name: 'a file' } : { kind: 'file', path }
    }
    case 'formdata':
      return { kind: 'other', name }
    default:
      return { kind: 'text', text: textOf(content), language: name }
  }
}

function scriptsOf({ scripts }: Fields): { readonly before: string; readonly after: string } {
  const all = listOf(scripts).map(fieldsOf)
  const code = (word: RegExp) =>
    all
      .filter(({ type }) => word.test(textOf(type)))
      .map(({ code: text }) => textOf(text))
      .join('\n')
      .trim()
  return { before: code(/before/), after: code(/after|on/) }
}

/** The messages in the folder that the request names. */
function messagesOf({ path, fields }: YamlFile, files: readonly YamlFile[]): PostmanMessage[] {
  const folder = textOf(fields.messages).replaceAll('\\', '/').replace(/^\.\//, '').replace(/\/$/, '')
  if (folder === '' || folder.split('/').includes('..')) return []
  const place = `${path.slice(0, path.lastIndexOf('/') + 1)}${folder}/`
  return files
    .filter((file) => file.path.startsWith(place) && MESSAGE.test(textOf(file.fields.$kind)))
    .toSorted((one, other) => orderOf(one) - orderOf(other))
    .map(messageOf)
}

function orderOf({ fields: { order } }: YamlFile): number {
  return typeof order === 'number' ? order : 1e15
}

function messageOf(file: YamlFile): PostmanMessage {
  const { fields } = file
  const content = (each: Fields) => ({ text: textOf(each.content), type: textOf(each.contentType) })
  const event = textOf(fields.eventName)
  if (event === '') return { name: nameOf(file), contents: [content(fields)] }
  return {
    name: nameOf(file),
    event: { name: event, hasAnswer: fields.acknowledgement === true },
    contents: listOf(fields.args).map(fieldsOf).map(content),
  }
}
